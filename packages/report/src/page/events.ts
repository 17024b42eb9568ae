// The chain of events: every event of the life with its position, time, actor and command, and in a few
// words what it meant.

import type { Json, Position, Recorded } from '@selfsame/core'
import { type Html, html, type Part } from '../html.js'
import { identityText, kindNames } from '../lanes/identities.js'
import { eventAt, type Person, who } from '../person.js'
import { timeOf } from '../time.js'
import { fieldName, shown } from './value.js'

export const eventsTable = (events: ReadonlyArray<Recorded>, person: Person): Html =>
  html`<table class="events">
<caption class="unheard">Every event of this life, in the order of the log</caption>
<thead><tr><th scope="col">Event</th><th scope="col">Time (UTC)</th><th scope="col">What happened</th><th scope="col">Actor</th><th scope="col">Command</th></tr></thead>
<tbody>${events.map((event) => row(event, person))}</tbody>
</table>`

const row = (event: Recorded, person: Person): Html =>
  html`<tr id="event-${event.position}"><th scope="row" class="number">#${event.position}</th><td class="time">${timeOf(event.recordedAt)}</td><td><span class="type">${event.type}</span>${whatOf(
    event,
    person,
  ).map(
    (line) => html`<div>${line}</div>`,
  )}</td><td>${token(event.actor)}</td><td>${token(event.commandId)}</td></tr>
`

/** What an event may be said to be asked by; a dash where it does not say. */
export const token = (text: string | null): Html =>
  text === null ? html`<span class="none">none</span>` : html`<code>${text}</code>`

const whatOf = (event: Recorded, person: Person): ReadonlyArray<Part> => {
  const at = (position: Position): Html => eventAt(person, position)
  const all = (words: string, positions: ReadonlyArray<Position>): ReadonlyArray<Part> =>
    positions.length === 0 ? [] : [html`${words} ${positions.map((one) => html`${at(one)} `)}`]
  const { type, payload } = event
  switch (type) {
    case 'UserCreated':
      return [html`${who(person, payload.userId)} is created as a ${payload.userType}`]
    case 'ProfilePromoted':
      return [html`${who(person, payload.userId)} becomes a CUSTOMER`]
    case 'UserAttributesChanged':
      return [html`on ${who(person, payload.userId)}`, ...valuesOf(payload.values)]
    case 'IdentityLinked':
      return [
        html`${who(person, payload.userId)} gets the ${kindNames[payload.kind]} ${shown(identityText(payload.kind, payload.value))}`,
      ]
    case 'IdentityReleased':
      return [
        html`${who(person, payload.userId)} gives up the ${kindNames[payload.kind]} linked at ${at(payload.linked)}`,
      ]
    case 'InstallationRegistered':
      return [
        html`${installation(payload)} with ${who(person, payload.userId)}, of <code>${payload.applicationId}</code>`,
        ...valuesOf({ ...payload.device, ...payload.values }),
      ]
    case 'InstallationUpdated':
      return [
        html`${installation(payload)} of ${who(person, payload.userId)}`,
        ...switchOf('push', payload.isPushRegistrationEnabled),
        ...switchOf('notifications', payload.notificationsEnabled),
        ...valuesOf({ ...payload.device, ...payload.values }),
      ]
    case 'InstallationAttached':
      // What it keeps is the business of whoever gets it.
      return [
        html`${installation(payload)} goes from ${who(person, payload.fromUserId)} to ${who(person, payload.userId)}`,
        ...all('by the identity linked at', payload.identities),
      ]
    case 'InstallationExpired':
      return [html`${installation(payload)} ends: <code>${payload.reason}</code>`]
    case 'InstallationDetached':
      return [
        html`${installation(payload)} lets go of what it held for ${who(person, payload.userId)}`,
      ]
    case 'PrimaryAssigned':
      return [html`${installation(payload)} becomes primary for ${who(person, payload.userId)}`]
    case 'PrimaryCleared':
      return [
        html`${installation(payload)} is no longer primary for ${who(person, payload.userId)}`,
      ]
    case 'UsersMerged':
      return [
        html`${who(person, payload.survivorId)} absorbs ${who(person, payload.absorbedId)}, by <code>${payload.policy}</code>`,
        ...all('found by the identity linked at', payload.matched),
        ...all('takes the identity linked at', payload.identities.moved),
        ...all('frees the identity linked at', payload.identities.released),
        ...payload.installations.map((one) => html`takes ${installation(one)}`),
      ]
    case 'UsersUnmerged':
      return [
        html`${who(person, payload.survivorId)} lets go of ${who(person, payload.absorbedId)}, undoing ${at(payload.merged)}`,
        ...all('gives back the identity linked at', payload.identities.returned),
        ...payload.installations.map((one) => html`gives back ${installation(one)}`),
      ]
    case 'UserErased':
      return [
        html`${who(person, payload.userId)} is erased: <code>${payload.reason}</code>`,
        ...payload.absorbed.map((id) => html`and in it ${who(person, id)}`),
      ]
    case 'AttributeDefined':
      return [html`<code>${payload.name}</code> is a ${payload.attributeType}`]
  }
}

const installation = (one: { readonly pushRegistrationId: string }): Html =>
  html`<code>${one.pushRegistrationId}</code>`

const switchOf = (name: string, isOn: boolean | undefined): ReadonlyArray<Part> =>
  isOn === undefined ? [] : [`${name} ${isOn ? 'on' : 'off'}`]

const valuesOf = (values: Readonly<Record<string, Json | undefined>>): ReadonlyArray<Part> =>
  Object.entries(values).map(([field, value = null]) =>
    value === null
      ? html`${fieldName(field)} removed`
      : html`${fieldName(field)}: ${setOf(value) ?? shown(value)}`,
  )

/** Tags that came and went; null where it is anything else. */
const setOf = (value: Json): Html | null => {
  if (typeof value !== 'object' || value === null || !('added' in value && 'removed' in value))
    return null
  const { added, removed } = value
  if (!Array.isArray(added) || !Array.isArray(removed)) return null
  const one = (words: string) => (tag: Json) => html`${words} ${shown(tag)} `
  return html`${added.map(one('with'))}${removed.map(one('without'))}`
}
