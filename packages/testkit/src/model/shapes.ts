// Which keys a command may have, and values that are well-formed beyond doubt: domain.md sections 3 and
// 4 once more, for what the model would otherwise believe of core's own codecs.

import type { Json } from '@selfsame/core'
import { people } from '../arbitraries/people.js'
import { isObject } from '../arbitraries/symbols.js'

/** Whether a value is certainly one that a key takes; false says nothing. */
type Plain = (value: Json) => boolean

const matches =
  (pattern: RegExp): Plain =>
  (value) =>
    typeof value === 'string' && pattern.test(value)

const orNull =
  (plain: Plain): Plain =>
  (value) =>
    value === null || plain(value)

const listOf =
  (plain: Plain, least = 0): Plain =>
  (value) =>
    Array.isArray(value) && value.length >= least && value.length <= 50 && value.every(plain)

/** An object with these keys, some of them required. */
const keyed =
  (keys: Readonly<Record<string, Plain>>, required: ReadonlyArray<string> = []): Plain =>
  (value) =>
    isObject(value) &&
    required.every((key) => Object.hasOwn(value, key)) &&
    Object.entries(value).every(([key, part]) => Object.hasOwn(keys, key) && keys[key]?.(part))

const flag: Plain = (value) => typeof value === 'boolean'
const anything: Plain = () => true
const token = matches(/^[\w.:-]{1,128}$/)
const words = matches(/^[^\p{Cc}\p{Cs}]{1,40}$/u)
const wordsOrNothing: Plain = (value) => value === null || value === '' || words(value)
const externalUserId: Plain = (value) =>
  matches(/^[a-zA-Z][\w-]{0,39}$/)(value) && String(value).toLowerCase() !== 'null'

const knownPhones = new Set(people.flatMap((one) => one.phones))
const phone: Plain = (value) => {
  if (!matches(/^\+?[\d (.)-]+$/)(value)) return false
  const digits = String(value).replace(/\D/g, '')
  return knownPhones.has(digits) || /^48500\d{6}$/.test(digits)
}

const knownEmails = new Set(people.flatMap((one) => one.emails))
const email: Plain = (value) =>
  typeof value === 'string' &&
  (knownEmails.has(value) || /^[a-z0-9-]{1,30}@[a-z0-9-]{1,30}\.com$/i.test(value))

const attributes: Plain = (value) =>
  isObject(value) &&
  Object.keys(value).length <= 50 &&
  Object.entries(value).every(
    ([name, part]) =>
      words(name) &&
      !/[{}[\]]/.test(name) &&
      (wordsOrNothing(part) || flag(part) || typeof part === 'number'),
  )

/** Whether a set holds what its members may be; nothing among them is left out. */
const setOf = (plain: Plain): Plain =>
  listOf((value) => value === null || value === '' || plain(value))

const identityKeys = {
  externalUserId: orNull(externalUserId),
  phones: orNull(setOf(phone)),
  emails: orNull(setOf(email)),
}

const attributeKeys = {
  firstName: wordsOrNothing,
  lastName: wordsOrNothing,
  middleName: wordsOrNothing,
  gender: orNull(matches(/^(Male|Female)$/)),
  birthday: orNull(matches(/^19\d\d-0[1-9]-1\d$/)),
  tags: orNull(setOf(words)),
  customAttributes: orNull(attributes),
}

const device = keyed({
  os: wordsOrNothing,
  osVersion: wordsOrNothing,
  deviceManufacturer: wordsOrNothing,
  deviceModel: wordsOrNothing,
  deviceName: wordsOrNothing,
  deviceSecure: orNull(flag),
  appVersion: wordsOrNothing,
  sdkVersion: wordsOrNothing,
  language: wordsOrNothing,
  deviceTimezoneOffset: orNull(matches(/^GMT[+-](0\d|1[01]):[0-3]0$/)),
  pushServiceType: wordsOrNothing,
  pushServiceToken: wordsOrNothing,
})

const references = { userId: token, externalUserId, phone, email, pushRegistrationId: token }

const reference: Plain = (value) =>
  keyed(references)(value) && isObject(value) && Object.keys(value).length === 1

const carried = {
  type: anything,
  commandId: orNull(token),
  actor: orNull(token),
  correlationId: orNull(token),
  causationId: orNull(token),
  occurredAt: orNull(matches(/^20\d\d-0[1-9]-1\dT1\d:[0-5]\d:[0-5]\d(\.\d)?Z$/)),
}

/** What may stand in a patch that is a fetched object saved back, and is ignored. */
const ignored = (keys: ReadonlyArray<string>): Readonly<Record<string, Plain>> =>
  Object.fromEntries(keys.map((key) => [key, anything]))

const userKeys = {
  ...identityKeys,
  ...attributeKeys,
  ...ignored(['id', 'type', 'installations', 'status', 'createdAt', 'promotedAt', 'userId']),
}

const login = {
  userIdentity: orNull(keyed(identityKeys)),
  userAttributes: orNull(keyed(attributeKeys)),
}

const overrides: Plain = (value) =>
  isObject(value) &&
  Object.entries(value).every(
    ([field, id]) =>
      /^(externalUserId|(first|last|middle)Name|gender|birthday|customAttributes\.\w{1,20})$/.test(
        field,
      ) && token(id),
  )

type Shape = readonly [required: Record<string, Plain>, optional: Record<string, Plain>]

const shapes: Readonly<Record<string, Shape>> = {
  RegisterInstallation: [
    { applicationId: token },
    {
      pushRegistrationId: orNull(token),
      isPushRegistrationEnabled: orNull(flag),
      customAttributes: orNull(attributes),
      device: orNull(device),
    },
  ],
  SaveInstallation: [
    { pushRegistrationId: token },
    {
      isPushRegistrationEnabled: orNull(flag),
      isPrimaryDevice: orNull(flag),
      notificationsEnabled: orNull(flag),
      applicationUserId: wordsOrNothing,
      customAttributes: orNull(attributes),
      device: orNull(device),
      ...ignored(['userId', 'applicationId', 'status']),
    },
  ],
  SetPrimary: [{ pushRegistrationId: token, isPrimary: flag }, { requestedBy: orNull(token) }],
  Personalize: [
    { pushRegistrationId: token },
    {
      ...login,
      forceDepersonalize: orNull(flag),
      keepAsLead: orNull(flag),
      setAsPrimary: orNull(flag),
    },
  ],
  Depersonalize: [{ pushRegistrationId: token }, {}],
  DepersonalizeInstallation: [{ pushRegistrationId: token, targetPushRegistrationId: token }, {}],
  SaveUser: [{ target: reference, user: keyed(userKeys) }, {}],
  CreateUser: [{}, { ...login, userType: orNull(matches(/^(LEAD|CUSTOMER)$/)) }],
  MergeUsers: [
    { users: listOf(reference, 2) },
    { survivor: orNull(reference), overrides: orNull(overrides), policy: orNull(token) },
  ],
  UnmergeUsers: [{ survivor: reference, absorbed: token }, {}],
  EraseUser: [{ target: reference, reason: token }, {}],
  ExpireInstallation: [{ pushRegistrationId: token, reason: token }, {}],
  DefineAttribute: [
    {
      scope: matches(/^(user|installation)$/),
      name: words,
      attributeType: matches(/^(string|number|boolean|date|datetime)$/),
    },
    {},
  ],
}

const shapeOf = (command: Json): Shape | undefined => {
  const type = isObject(command) ? command.type : undefined
  return typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type] : undefined
}

/** Whether a command alone can certainly not be refused, but for naming no identity. */
export const isWellFormed = (command: Json): boolean => {
  const shape = shapeOf(command)
  if (shape === undefined) return false
  const [required, optional] = shape
  const isShaped = keyed({ ...carried, ...required, ...optional }, Object.keys(required))(command)
  return isShaped || isDeclaredList(command)
}

/** A list of objects is declared with the types of their fields. */
const isDeclaredList: Plain = (command) => {
  if (!isObject(command) || command.attributeType !== 'list') return false
  const { fields = null, attributeType: _list, ...rest } = command
  const types = matches(/^(string|number|boolean|date|datetime)$/)
  return (
    isWellFormed({ ...rest, attributeType: 'string' }) &&
    isObject(fields) &&
    Object.keys(fields).length > 0 &&
    Object.entries(fields).every(([name, type]) => /^\w{1,20}$/.test(name) && types(type))
  )
}

/** What a merge decides is told by field: nothing else can be overridden. */
const isNoField = (field: string): boolean =>
  !/^(externalUserId|(first|last|middle)Name|gender|birthday|customAttributes\..+)$/s.test(field)

/** Whether a command certainly has a key that it may not have, or lacks one that it must have. */
export const isMisshapen = (command: Json): boolean => {
  const shape = shapeOf(command)
  if (shape === undefined || !isObject(command)) return true
  const [required, optional] = shape
  // Only a list has fields: what DefineAttribute may have depends on its values.
  const known = { ...carried, ...required, ...optional, fields: anything }
  return (
    Object.keys(isObject(command.overrides) ? command.overrides : {}).some(isNoField) ||
    Object.keys(required).some((key) => !Object.hasOwn(command, key)) ||
    Object.keys(command).some((key) => !Object.hasOwn(known, key))
  )
}
