// What the model shares with core: a command's parsed values. A store is asked to digest the content of
// a command that carries an id, which is the command with every value parsed, as JSON; so an engine on
// a store that only listens is a parser. Types of attributes are told here a second time.

import {
  canonicalJson,
  closedFailure,
  type Json,
  memoryStore,
  openEngine,
  type RefusalCode,
  type Store,
} from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { isObject } from '../arbitraries/symbols.js'
import { countingIds, fixedClock } from '../ports.js'
import type { Definition } from './world.js'

export interface Reference {
  readonly userId?: string
  readonly externalUserId?: string
  readonly phone?: string
  readonly email?: string
  readonly pushRegistrationId?: string
}

/** Clears all, or sets and removes by name: so a content has it. */
export type CustomPatch = { readonly clear: true } | ReadonlyArray<readonly [string, Json]>

/** What a patch sets and removes by name. */
export const entriesIn = (
  patch: CustomPatch | undefined,
): ReadonlyArray<readonly [string, Json]> => (patch === undefined || 'clear' in patch ? [] : patch)

/** Whether a patch clears all. */
export const clears = (patch: CustomPatch | undefined): boolean =>
  patch !== undefined && 'clear' in patch

export interface Identities {
  readonly externalUserId?: string | null
  readonly phones?: ReadonlyArray<string>
  readonly emails?: ReadonlyArray<string>
}

export interface Attributes {
  readonly firstName?: string | null
  readonly lastName?: string | null
  readonly middleName?: string | null
  readonly gender?: string | null
  readonly birthday?: string | null
  readonly tags?: ReadonlyArray<string>
  readonly customAttributes?: CustomPatch
}

export interface DevicePatch {
  readonly isPushRegistrationEnabled?: boolean | null
  readonly notificationsEnabled?: boolean | null
  readonly applicationUserId?: string | null
  readonly customAttributes?: CustomPatch
  readonly device?: Readonly<Record<string, Json>> | null
}

interface Login {
  readonly userIdentity?: Identities | null
  readonly userAttributes?: Attributes | null
}

/** Every command with its values parsed; absent is absent. */
export type Parsed =
  | ({
      readonly type: 'RegisterInstallation'
      readonly pushRegistrationId?: string | null
      readonly applicationId: string
    } & DevicePatch)
  | ({
      readonly type: 'SaveInstallation'
      readonly pushRegistrationId: string
      readonly isPrimaryDevice?: boolean | null
    } & DevicePatch)
  | {
      readonly type: 'SetPrimary'
      readonly pushRegistrationId: string
      readonly isPrimary: boolean
      readonly requestedBy?: string | null
    }
  | ({
      readonly type: 'Personalize'
      readonly pushRegistrationId: string
      readonly forceDepersonalize?: boolean | null
      readonly keepAsLead?: boolean | null
      readonly setAsPrimary?: boolean | null
    } & Login)
  | { readonly type: 'Depersonalize'; readonly pushRegistrationId: string }
  | {
      readonly type: 'DepersonalizeInstallation'
      readonly pushRegistrationId: string
      readonly targetPushRegistrationId: string
    }
  | {
      readonly type: 'SaveUser'
      readonly target: Reference
      readonly user: Identities & Attributes
    }
  | ({ readonly type: 'CreateUser'; readonly userType?: 'LEAD' | 'CUSTOMER' | null } & Login)
  | {
      readonly type: 'MergeUsers'
      readonly users: ReadonlyArray<Reference>
      readonly survivor?: Reference | null
      readonly overrides?: Readonly<Record<string, string>> | null
      readonly policy?: string | null
    }
  | { readonly type: 'UnmergeUsers'; readonly survivor: Reference; readonly absorbed: string }
  | { readonly type: 'EraseUser'; readonly target: Reference }
  | { readonly type: 'ExpireInstallation'; readonly pushRegistrationId: string }
  | {
      readonly type: 'DefineAttribute'
      readonly scope: 'user' | 'installation'
      readonly name: string
      readonly attributeType: string
      readonly fields?: Readonly<Record<string, string>> | null
    }

/** A command as it was parsed, with its content as one text; or why it cannot be. */
export type Parsing =
  | { readonly parsed: Parsed; readonly content: string }
  | { readonly refused: RefusalCode }

export type Parser = (command: Json) => Promise<Parsing>

/** Opens a parser: an engine whose store listens and records nothing. */
export const openParser = (): Parser => {
  let content = ''
  const store: Store = {
    ...memoryStore({ clock: fixedClock() }),
    digest: (text) => {
      content = text
      return text
    },
    transact: (items) => async () => items.map(() => E.left(closedFailure)),
  }
  const engine = openEngine({ store, idSource: countingIds() })
  return async (command) => {
    const named =
      isObject(command) && command.commandId == null ? { ...command, commandId: 'any' } : command
    const answer = await engine.execute(named)()
    if (E.isLeft(answer) && 'error' in answer.left) return { refused: answer.left.error.code }
    return { parsed: JSON.parse(content), content }
  }
}

/** What two identities are the same by: an email without case, anything else exactly. */
export const keyOf = (kind: 'externalUserId' | 'phone' | 'email', value: string): string =>
  `${kind} ${kind === 'email' ? value.toLowerCase().replaceAll('ς', 'σ').normalize('NFC') : value}`

export const same = (a: Json | undefined, b: Json | undefined): boolean =>
  canonicalJson(a ?? null) === canonicalJson(b ?? null)

const days = /^(\d{4})-(\d\d)-(\d\d)$/
const times = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/i

const isDay = (text: string): boolean =>
  days.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text

/** A datetime in UTC and whole seconds, or undefined where the text is none. */
const datetimeOf = (text: string): string | undefined => {
  const match = times.exec(text)
  if (match === null || !isDay(match[1] ?? '')) return undefined
  const ms = Date.parse(`${match[1]}T${match[2]}${match[4]?.toUpperCase()}`)
  return Number.isNaN(ms) ? undefined : `${new Date(ms).toISOString().slice(0, 19)}Z`
}

/** The type that a first value fixes; a list of objects fixes none. */
export const typeOfValue = (value: Json): string | undefined => {
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value !== 'string') return undefined
  if (isDay(value)) return 'date'
  return datetimeOf(value) === undefined ? 'string' : 'datetime'
}

/** A value under a type, or undefined where it does not fit. */
export const fitted = (value: Json, { type, fields = {} }: Definition): Json | undefined => {
  if (type === 'string') return typeof value === 'string' ? value : undefined
  if (type !== 'list') {
    if (typeOfValue(value) !== type) return undefined
    return type === 'datetime' && typeof value === 'string' ? datetimeOf(value) : value
  }
  if (!Array.isArray(value)) return undefined
  const rows = value.map((row: Json): Json | undefined => {
    if (!isObject(row) || Object.keys(row).length !== Object.keys(fields).length) return undefined
    const parts = Object.entries(row).map(([name, part]): readonly [string, Json | undefined] => [
      name,
      Object.hasOwn(fields, name) ? fitted(part, { type: fields[name] ?? '' }) : undefined,
    ])
    return parts.some(([, part]) => part === undefined)
      ? undefined
      : Object.fromEntries(parts.map(([name, part]) => [name, part ?? null]))
  })
  const fit = rows.flatMap((row) => (row === undefined ? [] : [row]))
  return fit.length === value.length && [...canonicalJson(fit)].length <= 4096 ? fit : undefined
}
