// The figure: the picture of the life with the names of its lanes, the key to its signs, and its table.

import type { Instant } from '@selfsame/core'
import type { Life } from '../gather.js'
import { type Html, html, type Part } from '../html.js'
import { identityLanes } from '../lanes/identities.js'
import { installationLanes } from '../lanes/installations.js'
import type { Join, Lane } from '../lanes/lane.js'
import { joinsIn, userLanes } from '../lanes/users.js'
import { eventAt, type Person, who } from '../person.js'
import { draw, names } from '../picture/draw.js'
import { markAlone, markWords } from '../picture/marks.js'
import { axisOf } from '../picture/moments.js'
import { type Row, sectionsOf } from '../picture/rows.js'
import { timeOf } from '../time.js'
import { lanesTable } from './lanes-table.js'

/** The width of the names of the lanes, as the style sheet has it. */
const namesWidth = 256

/** The width that the page has for the picture on a desk; beyond it the picture is moved sideways. */
const width_min = 860

export interface Figure {
  readonly piece: Html
  /** How wide the picture is with its names. */
  readonly width: number
}

export const figureOf = (life: Life, person: Person, name: string): Figure => {
  const joins = joinsIn(life, person)
  const lanes = [
    ...userLanes(life, person),
    ...installationLanes(life, person),
    ...identityLanes(life, person),
  ]
  const shown = lanes.filter(({ stretches }) => stretches.length > 0)
  const touched = lanesByPosition(shown, joins)
  const axis = axisOf(
    life.history.events.map(({ position, recordedAt }) => ({
      position,
      recordedAt,
      lanes: touched.get(position) ?? [],
    })),
    width_min,
  )
  const drawing = { person, axis, sections: sectionsOf(shown), joins }
  const times = new Map(life.history.events.map((one) => [one.position, one.recordedAt]))
  const label = `The life of ${name} over time: ${shown.length} lanes, ${life.history.events.length} events. The table after the picture says the same.`
  return {
    width: axis.width + namesWidth,
    piece: html`<figure>
<div class="life">${names(drawing, nameOf)}<div class="scroll picture" role="region" tabindex="0" aria-label="Picture of the life over time">${draw(drawing, label)}</div></div>
<figcaption>
<p>Time runs from left to right, in UTC. Events of one moment stand side by side; the gap between two moments grows with the time that passed, but not in proportion to it.</p>
${key(shown, joins.length > 0)}
</figcaption>
<details open=""><summary>The same as a table</summary>
<div class="scroll" role="region" tabindex="0" aria-label="The life as a table">${lanesTable(shown, person, (position) => point(person, times, position))}</div></details>
</figure>`,
  }
}

/** By position the lanes that show something there, and those that a merge crosses on its way. */
const lanesByPosition = (
  lanes: ReadonlyArray<Lane>,
  joins: ReadonlyArray<Join>,
): ReadonlyMap<number, ReadonlyArray<number>> => {
  const found = new Map<number, number[]>()
  const add = (position: number, lane: number): void => {
    const there = found.get(position)
    if (there === undefined) found.set(position, [lane])
    else there.push(lane)
  }
  const laneOf = new Map(lanes.map(({ userId }, i) => [userId, i]))
  for (const [i, { stretches, marks }] of lanes.entries()) {
    for (const { from, until } of stretches) {
      add(from, i)
      if (until !== null) add(until, i)
    }
    for (const { position } of marks) add(position, i)
  }
  for (const { position, from, to } of joins) {
    const [one = 0, other = 0] = [laneOf.get(from), laneOf.get(to)]
    for (let i = Math.min(one, other); i <= Math.max(one, other); i += 1) add(position, i)
  }
  return found
}

const point = (person: Person, times: ReadonlyMap<number, Instant>, position: number): Html => {
  const time = times.get(position)
  return html`<span class="point">${eventAt(person, position)}${time === undefined ? null : html` <span class="quiet">${timeOf(time)}</span>`}</span>`
}

/** Ids are told apart by when they were made, at their beginning, and by chance, at their end. */
const shortened = (id: string): string =>
  id.length > 20 ? `${id.slice(0, 13)}…${id.slice(-4)}` : id

const nameOf = ({ lane }: Row): Html =>
  lane.userId === null
    ? html`<bdi class="label" title="${lane.name}">${lane.name}</bdi><span class="detail">${lane.detail}</span>`
    : html`<code class="label" title="${lane.name}">${shortened(lane.name)}</code><span class="detail">${lane.detail}</span>`

/** What the signs in the picture mean; of signs only those that are there. */
const key = (lanes: ReadonlyArray<Lane>, hasJoins: boolean): Html => {
  const kinds = new Set(lanes.flatMap(({ marks }) => marks.map(({ kind }) => kind)))
  const whose = new Set(lanes.flatMap(({ stretches }) => stretches.map((one) => one.whose)))
  const hasLeft = lanes.some(
    ({ kind, stretches }) => kind === 'user' && stretches.some((one) => one.whose === 'elsewhere'),
  )
  const entry = (sign: Part, words: Part): Html => html`<li>${sign}<span>${words}</span></li>`
  const bar = (name: string): Html =>
    html`<svg class="sign" width="28" height="20" viewBox="0 0 28 20" aria-hidden="true"><rect class="bar ${name}" x="1" y="3" width="26" height="14" rx="3" />${
      name === 'elsewhere'
        ? null
        : html`<text class="letter ${name}" x="9" y="14">${name === 'self' ? 'A' : 'B'}</text>`
    }</svg>`
  return html`<ul class="key" aria-label="Key to the picture">
${entry(bar('self'), 'with this person')}
${whose.has('part') ? entry(bar('part'), 'with a user who was absorbed, under that letter') : null}
${whose.has('elsewhere') ? entry(bar('elsewhere'), 'with somebody else') : null}
${hasJoins ? entry(joinSign('merged'), 'absorbed') : null}
${hasJoins ? entry(lineSign('absorbed'), 'while absorbed') : null}
${hasJoins ? entry(joinSign('unmerged'), 'merge undone') : null}
${hasLeft ? entry(lineSign('elsewhere'), 'no longer part of this person') : null}
${[...kinds].map((kind) => entry(markAlone(kind), markWords[kind]))}
</ul>`
}

const lineSign = (name: string): Html =>
  html`<svg class="sign" width="28" height="20" viewBox="0 0 28 20" aria-hidden="true"><path class="line ${name}" d="M 1 10 H 27" /></svg>`

const joinSign = (kind: string): Html =>
  html`<svg class="sign" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true"><g class="join ${kind}"><path class="way" d="M 10 19 V 8" /><path class="head" d="M 10 1 l 6 10 h -12 z" /></g></svg>`

/** Everyone with a letter, for those who want the whole id. */
export const peopleList = (person: Person): Html =>
  html`<ul class="people">${person.users.map(
    (user) =>
      html`<li>${who(person, user)} <code>${user}</code>${user === person.self ? ' this person' : null}</li>`,
  )}</ul>`
