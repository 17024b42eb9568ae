// What the person holds now: every identity, value, tag and installation, with the events that gave it.

import type { ChainLink, Explained, Explanation } from '@selfsame/core'
import { type Html, html, joined, type Part } from '../html.js'
import { eventAt, type Person, who } from '../person.js'
import { timeOf } from '../time.js'
import { decisionText, insteadOf } from './decision.js'
import { fieldName, shown, shownValue } from './value.js'

const groups: ReadonlyArray<readonly [title: string, is: (field: string) => boolean]> = [
  ['Standing', (field) => ['type', 'createdAt', 'promotedAt'].includes(field)],
  ['Identities', (field) => ['externalUserId', 'phones', 'emails'].includes(field)],
  ['Installations', (field) => ['installations', 'primary'].includes(field)],
  ['Tags', (field) => field.startsWith('tags.')],
  ['Values', () => true],
]

export const heldTable = (explanation: Explanation, person: Person): Html => {
  const groupOf = ({ field }: Explained): string => groups.find(([, is]) => is(field))?.[0] ?? ''
  return html`<table class="held">
<caption class="unheard">What the person holds, and which events gave it</caption>
<thead><tr><th scope="col">What</th><th scope="col">Value</th><th scope="col">Where it comes from</th></tr></thead>
${groups.map(([title]) => {
  const members = explanation.fields.filter((one) => groupOf(one) === title)
  return members.length === 0
    ? null
    : html`<tbody><tr class="group"><th scope="rowgroup" colspan="3">${title}</th></tr>${members.map((one) => row(one, person))}</tbody>`
})}
</table>`
}

const heldValue = ({ field, value }: Explained): Html =>
  (field === 'createdAt' || field === 'promotedAt') && typeof value === 'string'
    ? timeOf(value)
    : shown(shownValue(field, value))

const row = (one: Explained, person: Person): Html => {
  const isTag = one.field.startsWith('tags.')
  return html`<tr><th scope="row">${isTag ? 'Tag' : fieldName(one.field)}</th><td>${
    isTag ? html`<span class="value">${fieldName(one.field)}</span>` : heldValue(one)
  }</td><td><ol class="chain">${sourcesOf(one).map((link) => html`<li>${linkText(link, one.field, person)}</li>`)}${one.upheld.map(
    (link) => html`<li>${linkText(link, one.field, person)}; it stayed</li>`,
  )}</ol></td></tr>
`
}

const standing = new Set(['type', 'createdAt', 'promotedAt'])

/** That the users of a chain were once created needs no saying, except where it is the reason. */
const sourcesOf = ({ field, chain }: Explained): ReadonlyArray<ChainLink> =>
  chain.filter(({ type }) => type !== 'UserCreated' || standing.has(field))

const verbs: Readonly<Partial<Record<ChainLink['type'], string>>> = {
  UserCreated: 'created',
  IdentityLinked: 'linked',
  UserAttributesChanged: 'written',
  InstallationRegistered: 'registered',
  InstallationAttached: 'moved here',
  PrimaryAssigned: 'made primary',
  ProfilePromoted: 'promoted',
  UserErased: 'left behind by somebody erased',
}

const linkText = (link: ChainLink, field: string, person: Person): Html =>
  html`${eventAt(person, link.position)} ${verbOf(link, field, person)} <span class="quiet">${joined(
    [
      timeOf(link.recordedAt),
      ...(link.actor === null ? [] : [html`by <code>${link.actor}</code>`]),
      ...(link.commandId === null ? [] : [html`for <code>${link.commandId}</code>`]),
    ],
    ' ',
  )}</span>${decided(link, person)}`

const verbOf = (link: ChainLink, field: string, person: Person): Part => {
  const { type, userId, other } = link
  if (other !== null && type === 'UsersMerged')
    return html`${who(person, userId)} absorbs ${who(person, other)}`
  if (other !== null && type === 'UsersUnmerged')
    return html`${who(person, userId)} lets go of ${who(person, other)}`
  const isWay = type === 'IdentityLinked' && (field === 'installations' || field === 'primary')
  const verb = isWay ? 'the identity by which it came, linked' : (verbs[type] ?? type)
  return userId === person.self ? verb : html`${verb} on ${who(person, userId)}`
}

const decided = ({ decision }: ChainLink, person: Person): Html | null => {
  if (decision === null) return null
  const instead = insteadOf(person, decision.rejected)
  return html`, ${decisionText(decision)}${instead === null ? null : html` ${instead}`}`
}
