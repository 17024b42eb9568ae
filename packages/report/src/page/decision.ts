// What a merge decided about a field, in words.

import type { DecisionSide, FieldDecision } from '@selfsame/core'
import { type Html, html } from '../html.js'
import { eventAt, type Person } from '../person.js'
import { shown } from './value.js'

const settledWords: Readonly<Record<FieldDecision['settledBy'], string>> = {
  only: 'the only value',
  policy: 'by the policy',
  override: 'by an override',
  left: 'anonymous data stays behind',
  union: 'tags are joined',
  unmerge: 'settled again',
}

export const settledText = (settledBy: FieldDecision['settledBy']): string =>
  settledWords[settledBy]

export const decisionText = ({ settledBy, policy }: FieldDecision): Html =>
  settledBy === 'policy' && policy !== null
    ? html`by the policy <code>${policy}</code>`
    : html`${settledText(settledBy)}`

/** The value that lost, where there was one. */
export const insteadOf = (person: Person, side: DecisionSide | null): Html | null =>
  side === null || side.position === null ? null : html`rather than ${sideText(person, side)}`

/** A value, and the event that wrote it. */
export const sideText = (person: Person, { position, value }: DecisionSide): Html => {
  if (position === null) return html`<span class="none">nothing</span>`
  const source = html`<span class="quiet source">(${eventAt(person, position)})</span>`
  return value === null ? html`removed ${source}` : html`${shown(value)} ${source}`
}
