// The life drawn: the axis, the lanes with their stretches, the merges that join them, and the signs.

import type { UserId } from '@selfsame/core'
import { type Html, html } from '../html.js'
import type { Join, Stretch } from '../lanes/lane.js'
import { type Person, who } from '../person.js'
import { mark, markWords, rounded } from './marks.js'
import type { Axis } from './moments.js'
import { axisHeight, heightOf, type Row, type Section, userHeights } from './rows.js'
import { pausesOf, ticksOf } from './ticks.js'

export interface Drawing {
  readonly person: Person
  readonly axis: Axis
  readonly sections: ReadonlyArray<Section>
  readonly joins: ReadonlyArray<Join>
}

/** The picture. Everything in it stands in the table beneath, which is what a screen reader is given. */
export const draw = (drawing: Drawing, label: string): Html => {
  const { axis, sections } = drawing
  const height = heightOf(sections)
  const rows = sections.flatMap((section) => section.rows)
  const heights = userHeights(sections)
  return html`<svg class="plot" width="${axis.width}" height="${height}" viewBox="0 0 ${axis.width} ${height}" role="img" aria-label="${label}">
<defs><pattern id="elsewhere" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6" /><rect class="hatch" width="2" height="6" /></pattern></defs>
${axisLines(axis, height)}
${sections.map(({ y }) => html`<rect class="head" x="0" y="${y + 8}" width="${axis.width}" height="24" />`)}
${rows.map(({ y }) => html`<path class="rule" d="M 0 ${y} H ${axis.width}" />`)}
${rows.map((row) => html`<g class="lane">${row.lane.stretches.map((one) => stretch(drawing, row, one))}</g>`)}
${drawing.joins.map((join) => joinLine(axis, heights, join))}
${rows.map(({ lane, y }) =>
  lane.marks.map(({ position, kind }) =>
    mark(kind, axis.xOf(position), y, `#${position}: ${markWords[kind]}`),
  ),
)}
</svg>`
}

const axisLines = (axis: Axis, height: number): Html => {
  const ticks = ticksOf(axis)
  return html`<g class="axis">
<path class="base" d="M 0 ${axisHeight} H ${axis.width}" />
${axis.moments.map(({ x }) => html`<path class="tick" d="M ${rounded(x)} ${axisHeight - 5} V ${axisHeight}" />`)}
${ticks.map(({ x }) => html`<path class="grid" d="M ${rounded(x)} ${axisHeight - 30} V ${height}" />`)}
${ticks.map(
  ({ x, day, clock, position }) =>
    html`<text class="day" x="${rounded(x)}" y="14">${day}</text><text x="${rounded(x)}" y="30">${clock}</text><text class="quiet" x="${rounded(x)}" y="46">#${position}</text>`,
)}
${pausesOf(axis).map(({ x, text }) => html`<text class="pause" x="${rounded(x)}" y="${axisHeight - 8}" text-anchor="middle">${text}</text>`)}
</g>`
}

const barHeight = 16
/** A letter and what it needs around it. */
const letterWidth = 9

const stretch = ({ person, axis }: Drawing, row: Row, one: Stretch): Html | null => {
  const from = axis.xOf(one.from)
  const until = one.until === null ? axis.width : axis.xOf(one.until)
  const words = stretchWords(person, one)
  const title = html`<title>${words}</title>`
  if (row.lane.kind === 'user')
    return html`<path class="line ${lineOf(one)}" d="M ${rounded(from)} ${row.y} H ${rounded(until)}">${title}</path>`
  // What others did between two events of this life may have no room; the table says it.
  if (until - from < 3) return null
  const width = until - from - 1
  const letter = one.whose === 'elsewhere' ? null : lettersOf(person, one)
  const isRoom = letter !== null && width >= letter.length * letterWidth + 6
  return html`<rect class="bar ${one.whose}" x="${rounded(from)}" y="${row.y - barHeight / 2}" width="${rounded(width)}" height="${barHeight}" rx="3">${title}</rect>${
    isRoom
      ? html`<text class="letter ${one.whose}" x="${rounded(from + 5)}" y="${row.y + 4}">${letter}</text>`
      : null
  }`
}

const lineOf = ({ whose, into }: Stretch): string =>
  into === null || whose === 'elsewhere' ? whose : 'absorbed'

const lettersOf = (person: Person, { users }: Stretch): string | null => {
  const [user] = users
  return user === undefined ? null : person.letterOf(user)
}

const stretchWords = (person: Person, one: Stretch): string => {
  const until = one.until === null ? 'on' : `until #${one.until}`
  const letter = one.whose === 'elsewhere' ? null : lettersOf(person, one)
  const whose = letter === null ? 'somebody else' : `user ${letter}`
  return `${one.into === null ? whose : `${whose}, absorbed`}, from #${one.from} ${until}`
}

/** A merge points at the survivor, an unmerge at the user that comes back. */
const joinLine = (
  axis: Axis,
  heights: ReadonlyMap<UserId, number>,
  { position, kind, from, to }: Join,
): Html | null => {
  const start = heights.get(from)
  const end = heights.get(to)
  if (start === undefined || end === undefined) return null
  const x = rounded(axis.xOf(position))
  const step = end < start ? 1 : -1
  return html`<g class="join ${kind}"><title>#${position}: ${kind}</title><path class="way" d="M ${x} ${start} V ${end + 10 * step}" /><circle class="foot" cx="${x}" cy="${start}" r="3.5" /><path class="head" d="M ${x} ${end + 3 * step} l 6 ${10 * step} h -12 z" /></g>`
}

/** The names of the lanes, beside the picture: they stay where they are while it is moved. */
export const names = ({ person, sections }: Drawing, nameOf: (row: Row) => Html): Html =>
  html`<div class="names" aria-hidden="true"><div class="corner">UTC</div>${sections.map(
    ({ title, rows }) =>
      html`<div class="head">${title}</div>${rows.map(
        (row) =>
          html`<div class="name">${row.lane.userId === null ? null : who(person, row.lane.userId)}${nameOf(row)}</div>`,
      )}`,
  )}</div>`
