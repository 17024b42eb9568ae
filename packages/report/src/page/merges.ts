// The merges of a life: who asked, the policy, and for every field what was chosen and what was not.

import type { LinkedIdentity, MergeExplained } from '@selfsame/core'
import { type Html, html, joined, type Part } from '../html.js'
import { identityText } from '../lanes/identities.js'
import { eventAt, type Person, who } from '../person.js'
import { timeOf } from '../time.js'
import { settledText, sideText } from './decision.js'
import { token } from './events.js'
import { fieldName, shown } from './value.js'

export const mergeArticle = (merge: MergeExplained, person: Person): Html =>
  html`<article class="merge">
<h3>${eventAt(person, merge.position)} ${who(person, merge.survivorId)} absorbs ${who(person, merge.absorbedId)}${
    merge.undone === null
      ? null
      : html` <span class="state">undone at ${eventAt(person, merge.undone)}</span>`
  }</h3>
<dl class="facts">
${fact('Time (UTC)', timeOf(merge.recordedAt))}
${fact('Actor', token(merge.actor))}
${fact('Command', token(merge.commandId))}
${fact('Asked by', html`<code>${merge.askedBy}</code>`)}
${fact('Policy', html`<code>${merge.policy}</code>`)}
${listed(
  'Found by',
  merge.matched.map((one) => linkedText(one, person)),
)}
${listed(
  'Identities taken',
  merge.moved.map((one) => linkedText(one, person)),
)}
${listed(
  'Identities freed',
  merge.released.map((one) => linkedText(one, person)),
)}
${listed(
  'Installations taken',
  merge.installations.map((id) => html`<code>${id}</code>`),
)}
${listed(
  'Tags brought',
  merge.tags.flatMap(({ tag, brought }) => (brought ? [shown(tag)] : [])),
)}
${listed(
  'Tags not brought',
  merge.tags.flatMap(({ tag, brought }) => (brought ? [] : [shown(tag)])),
)}
${merge.dataLeft ? fact('Data', 'what the anonymous user had stays behind') : null}
</dl>
${merge.fields.length === 0 ? html`<p class="quiet">No field had to be settled.</p>` : fieldsTable(merge, person)}
</article>`

const fact = (name: string, value: Part): Html => html`<div><dt>${name}</dt><dd>${value}</dd></div>`

const listed = (name: string, values: ReadonlyArray<Part>): Html | null =>
  values.length === 0 ? null : fact(name, joined(values, ', '))

const linkedText = ({ linked, kind, value }: LinkedIdentity, person: Person): Html => {
  const source = html`<span class="quiet source">(${eventAt(person, linked)})</span>`
  return kind === null || value === null
    ? html`${source}`
    : html`${shown(identityText(kind, value))} ${source}`
}

const fieldsTable = (merge: MergeExplained, person: Person): Html =>
  html`<div class="scroll" role="region" tabindex="0" aria-label="${`Fields settled at #${merge.position}`}"><table class="settled">
<caption class="unheard">How each field was settled at #${merge.position}</caption>
<thead><tr><th scope="col">Field</th><th scope="col">Chosen</th><th scope="col">Rejected</th><th scope="col">Taken from</th><th scope="col">Settled by</th></tr></thead>
<tbody>${merge.fields.map(
    (one) =>
      html`<tr><th scope="row">${fieldName(one.field)}</th><td>${sideText(person, one.chosen)}</td><td>${sideText(person, one.rejected)}</td><td>${who(person, one.chosen.userId)}</td><td>${settledText(one.settledBy)}</td></tr>
`,
  )}</tbody>
</table></div>`
