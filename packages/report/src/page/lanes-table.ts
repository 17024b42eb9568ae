// The picture once more as a table: every stretch of every lane, and what happened in it.

import { type Html, html, joined, type Part } from '../html.js'
import type { Lane, Mark, Stretch } from '../lanes/lane.js'
import { eventAt, type Person, who } from '../person.js'
import { markWords } from '../picture/marks.js'

/** How many of those who had something in between are named. */
const namedMax = 3

export const lanesTable = (
  lanes: ReadonlyArray<Lane>,
  person: Person,
  point: (position: number) => Html,
): Html =>
  html`<table class="lanes">
<caption class="unheard">The same life as a table: who had what, and when</caption>
<thead><tr><th scope="col">Lane</th><th scope="col">With</th><th scope="col">From</th><th scope="col">Until</th><th scope="col">What happened</th></tr></thead>
${lanes.map((lane) => html`<tbody>${rowsOf(lane, person, point)}</tbody>`)}
</table>`

const rowsOf = (
  lane: Lane,
  person: Person,
  point: (position: number) => Html,
): ReadonlyArray<Html> =>
  lane.stretches.map(
    (one, i) =>
      html`<tr>${
        i > 0
          ? null
          : html`<th scope="rowgroup" rowspan="${lane.stretches.length}">${laneName(lane, person)}</th>`
      }<td>${withWhom(lane, one, person)}</td><td>${point(one.from)}</td><td>${one.until === null ? 'still' : point(one.until)}</td><td>${joined(
        marksIn(lane, i).map(
          ({ position, kind }) => html`${markWords[kind]} ${eventAt(person, position)}`,
        ),
        ', ',
      )}</td></tr>
`,
  )

const laneName = (lane: Lane, person: Person): Html =>
  lane.userId === null
    ? html`<span class="detail">${lane.detail === '' ? lane.kind : lane.detail}</span> <bdi class="value">${lane.name}</bdi>`
    : html`<span class="detail">user</span> ${who(person, lane.userId)} <code>${lane.name}</code>`

const withWhom = (lane: Lane, one: Stretch, person: Person): Part => {
  if (lane.kind === 'user') {
    if (one.into !== null) return html`absorbed in ${who(person, one.into)}`
    if (one.whose === 'elsewhere') return 'a person of its own again'
    return one === lane.stretches[0] ? 'alive' : 'alive again'
  }
  const named = one.users.slice(0, namedMax).map((user) => who(person, user))
  const more = one.users.length - named.length
  return html`${one.whose === 'elsewhere' ? 'somebody else: ' : null}${joined(named, ', ')}${more === 0 ? null : ` and ${more} more`}`
}

/** The signs of a stretch: from its beginning until the next one begins; the last has all that follow. */
const marksIn = ({ stretches, marks }: Lane, i: number): ReadonlyArray<Mark> => {
  const from = i === 0 ? 0 : (stretches[i]?.from ?? 0)
  const next = stretches[i + 1]?.from ?? Number.POSITIVE_INFINITY
  return marks.filter(({ position }) => from <= position && position < next)
}
