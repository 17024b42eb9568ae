// The table of the thirteen commands, and the way from unknown input to one that can be decided.

import type { Directory } from '../directory/directory.js'
import { type Key, leadsTo } from '../directory/keys.js'
import { type Reason, violated } from '../directory/refusal.js'
import type { Provenance } from '../log/envelope.js'
import { E, type Either } from '../prelude.js'
import { canonicalJson, isList, isRecord, type Json, jsonOf, setOwn } from '../values/json.js'
import { CommandId } from '../values/token.js'
import { toViolations } from '../values/violation.js'
import { type Carried, carriedKeys, provenanceOf } from './command.js'
import { type CreateUser, createUser } from './create-user.js'
import type { CommandDefinition, Context, Decided } from './decision.js'
import { type DefineAttribute, defineAttribute } from './define-attribute.js'
import {
  type Depersonalize,
  type DepersonalizeInstallation,
  depersonalize,
  depersonalizeInstallation,
} from './depersonalize.js'
import { type EraseUser, eraseUser } from './erase-user.js'
import { type ExpireInstallation, expireInstallation } from './expire-installation.js'
import { type MergeUsers, mergeUsers } from './merge-users.js'
import { type Personalize, personalize } from './personalize.js'
import { type RegisterInstallation, registerInstallation } from './register-installation.js'
import { type SaveInstallation, saveInstallation } from './save-installation.js'
import { type SaveUser, saveUser } from './save-user.js'
import { type SetPrimary, setPrimary } from './set-primary.js'
import { type UnmergeUsers, unmergeUsers } from './unmerge-users.js'

/**
 * A parsed command.
 * @since 0.1.0
 * @category Commands
 */
export type Command =
  | RegisterInstallation
  | SaveInstallation
  | SetPrimary
  | Personalize
  | Depersonalize
  | DepersonalizeInstallation
  | SaveUser
  | CreateUser
  | MergeUsers
  | UnmergeUsers
  | EraseUser
  | ExpireInstallation
  | DefineAttribute

/** @since 0.1.0 @category Commands */
export type CommandType = Command['type']

/**
 * A command that is well-formed, with its rule: what a store needs to load, and how it is decided.
 * @since 0.1.0
 * @category Commands
 */
export interface Decidable {
  readonly type: string
  readonly commandId: CommandId | null
  readonly provenance: Provenance
  /** The content that a command id stands for, as canonical JSON. */
  readonly content: string
  readonly roots: ReadonlyArray<Key>
  readonly next: (slice: Directory) => ReadonlyArray<Key>
  readonly decide: (slice: Directory, context: Context) => Decided
}

type Bound = (input: Json) => Either<Reason, Decidable>

const bind =
  <C extends Carried & { readonly type: string }>(definition: CommandDefinition<C>): Bound =>
  (input) => {
    const parsed = definition.codec.decode(input)
    if (E.isLeft(parsed)) return E.left(violated(toViolations(parsed.left)))
    const command = parsed.right
    const checked = definition.check?.(command) ?? E.right(null)
    if (E.isLeft(checked)) return checked
    return E.right({
      type: command.type,
      commandId: command.commandId ?? null,
      provenance: provenanceOf(command),
      // Only a command id is told by it.
      get content() {
        return contentOf(command, definition.defaults ?? {})
      },
      roots: definition.roots(command),
      next: (slice) => [...leadsTo(slice), ...(definition.next?.(slice, command) ?? [])],
      decide: (slice, context) => definition.decide(slice, command, context),
    })
  }

const contentOf = (command: object, defaults: Readonly<Record<string, Json>>): string => {
  const content: Record<string, unknown> = { ...defaults }
  for (const [key, value] of Object.entries(command))
    if (!carriedKeys.has(key) && !(value === null && Object.hasOwn(defaults, key)))
      setOwn(content, key, value)
  return canonicalJson(unordered(jsonOf(content)))
}

/** The values of these keys are sets. */
const sets: ReadonlySet<string> = new Set(['phones', 'emails', 'tags'])

/** Attributes and sets are decided in the order given; as content they are the same in any. */
const unordered = (value: Json): Json => {
  if (!isRecord(value)) return value
  const { clear, entries } = value
  if (clear === false && isList(entries))
    return [...entries].sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1))
  let other: Record<string, Json> | undefined
  for (const key of Object.keys(value)) {
    const part = value[key] ?? null
    const same = sets.has(key) && isList(part) ? [...part].sort() : unordered(part)
    if (same === part) continue
    other ??= { ...value }
    setOwn(other, key, same)
  }
  return other ?? value
}

const table: Readonly<Record<CommandType, Bound>> = {
  RegisterInstallation: bind(registerInstallation),
  SaveInstallation: bind(saveInstallation),
  SetPrimary: bind(setPrimary),
  Personalize: bind(personalize),
  Depersonalize: bind(depersonalize),
  DepersonalizeInstallation: bind(depersonalizeInstallation),
  SaveUser: bind(saveUser),
  CreateUser: bind(createUser),
  MergeUsers: bind(mergeUsers),
  UnmergeUsers: bind(unmergeUsers),
  EraseUser: bind(eraseUser),
  ExpireInstallation: bind(expireInstallation),
  DefineAttribute: bind(defineAttribute),
}

const isCommandType = (type: unknown): type is CommandType =>
  typeof type === 'string' && Object.hasOwn(table, type)

/**
 * The names of all commands.
 * @since 0.1.0
 * @category Commands
 */
export const commandTypes: ReadonlyArray<CommandType> = Object.keys(table).filter(isCommandType)

/**
 * Reads a command from plain JSON: every wrong path at once.
 * @since 0.1.0
 * @category Commands
 */
export const commandIn = (json: Json): Either<Reason, Decidable> => {
  if (!isRecord(json)) return E.left(malformed('', 'must be a command (an object)'))
  const type = Object.hasOwn(json, 'type') ? json.type : undefined
  return isCommandType(type)
    ? table[type](json)
    : E.left(malformed('/type', `must be one of ${commandTypes.join(', ')}`))
}

const malformed = (path: string, message: string): Reason =>
  violated([{ path, code: 'REQUEST_FORMAT_INVALID', message }])

/** The command id that a refusal of unreadable input can still name. */
export const commandIdIn = (json: Json): CommandId | undefined => {
  if (!isRecord(json) || !Object.hasOwn(json, 'commandId')) return undefined
  const id = CommandId.decode(json.commandId)
  return E.isRight(id) ? id.right : undefined
}
