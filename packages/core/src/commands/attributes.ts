// Attributes of users and installations: the type of each custom attribute, fixed by its first value,
// and what a patch changes.

import { type Directory, definitionKey } from '../directory/directory.js'
import type { Key } from '../directory/keys.js'
import { overLimit } from '../directory/limits.js'
import { type Reason, violated } from '../directory/refusal.js'
import {
  type ActiveUser,
  attributeField,
  isAttribute,
  isTag,
  nameIn,
  singleFields,
  tagField,
} from '../directory/user.js'
import type {
  AttributeDefined,
  AttributeScope,
  FieldKey,
  PersonalValue,
  PersonalValues,
} from '../log/event.js'
import { E, type Either } from '../prelude.js'
import {
  type AttributeDefinition,
  type AttributeValue,
  type CustomAttributesPatch,
  inferType,
  typed,
} from '../values/attribute.js'
import type { AttributesPatch } from '../values/attributes-patch.js'
import { dayOf, type Instant } from '../values/instant.js'
import { equalData } from '../values/json.js'
import { pointer, type Violation } from '../values/violation.js'
import type { Journal } from './decision.js'

/** A patch of custom attributes whose types are known: field to value, null removes. */
export interface TypedAttributes {
  readonly definitions: ReadonlyArray<AttributeDefined>
  readonly clear: boolean
  readonly values: ReadonlyMap<FieldKey, AttributeValue | null>
}

/** The keys a patch of custom attributes needs in its slice. */
export const attributeKeys = (
  scope: AttributeScope,
  patch: CustomAttributesPatch | undefined,
): ReadonlyArray<Key> =>
  patch === undefined || patch.clear
    ? []
    : [...patch.entries.map(([name]): Key => ({ kind: 'definition', scope, name }))]

const definitionFor = (
  slice: Directory,
  scope: AttributeScope,
  name: string,
  raw: Parameters<typeof inferType>[0],
): AttributeDefinition | undefined => {
  const known = slice.definitions.get(definitionKey(scope, name))
  if (known !== undefined) return known
  const type = inferType(raw)
  return type === undefined ? undefined : { type }
}

/**
 * Gives each custom attribute of a patch its type, or names every value that does not fit, after
 * those `found` in the same command before.
 */
export const typeAttributes = (
  slice: Directory,
  scope: AttributeScope,
  patch: CustomAttributesPatch | undefined,
  path: ReadonlyArray<string>,
  found: ReadonlyArray<Violation> = [],
): Either<Reason, TypedAttributes> => {
  const violations: Violation[] = [...found]
  const definitions: AttributeDefined[] = []
  const values = new Map<FieldKey, AttributeValue | null>()
  const entries = patch === undefined || patch.clear ? [] : new Map(patch.entries)
  for (const [name, raw] of entries) {
    if (raw === null) {
      values.set(attributeField(name), null)
      continue
    }
    const definition = definitionFor(slice, scope, name, raw)
    const value =
      definition === undefined
        ? E.left('is a list of objects: declare it first with DefineAttribute')
        : typed(raw, definition)
    if (E.isLeft(value)) {
      violations.push({
        path: pointer([...path, name]),
        code: 'REQUEST_FORMAT_INVALID',
        message: value.left,
      })
      continue
    }
    values.set(attributeField(name), value.right)
    if (definition !== undefined && !slice.definitions.has(definitionKey(scope, name)))
      definitions.push({
        type: 'AttributeDefined',
        payload: { scope, name, attributeType: definition.type },
      })
  }
  if (violations.length > 0) return E.left(violated(violations))
  const over = overLimit('definitions', slice.definitionCounts[scope] + definitions.length)
  return definitions.length > 0 && over !== undefined
    ? E.left(over)
    : E.right({ definitions, clear: patch?.clear ?? false, values })
}

/** Which of the values of a typed patch differ from what is held: nothing else is a write. */
export const changedAttributes = (
  held: Readonly<Record<FieldKey, unknown>>,
  { clear, values }: TypedAttributes,
  heldAs: (field: FieldKey) => unknown = (field) => held[field],
): ReadonlyArray<readonly [FieldKey, AttributeValue | null]> => [
  ...(clear ? Object.keys(held).filter(isAttribute) : []).map(
    (field): readonly [FieldKey, null] => [field, null],
  ),
  ...[...values].filter(([field, value]) => !equalData(heldAs(field) ?? null, value)),
]

/** A birthday may not be after the UTC day on which its command is decided. */
const birthdayViolations = (
  patch: Pick<AttributesPatch, 'birthday'> | undefined,
  now: Instant,
  path: ReadonlyArray<string>,
): ReadonlyArray<Violation> => {
  const today = dayOf(now)
  return typeof patch?.birthday === 'string' && patch.birthday > today
    ? [
        {
          path: pointer([...path, 'birthday']),
          code: 'REQUEST_FORMAT_INVALID',
          message: `must not be after today, ${today}`,
        },
      ]
    : []
}

/** A patch of a user's attributes, every value checked and typed. */
export interface AttributesToSet {
  readonly patch: AttributesPatch
  readonly custom: TypedAttributes
}

export const checkAttributes = (
  slice: Directory,
  patch: AttributesPatch | undefined,
  now: Instant,
  path: ReadonlyArray<string>,
): Either<Reason, AttributesToSet> => {
  const custom = typeAttributes(
    slice,
    'user',
    patch?.customAttributes,
    [...path, 'customAttributes'],
    birthdayViolations(patch, now, path),
  )
  return E.isLeft(custom) ? custom : E.right({ patch: patch ?? {}, custom: custom.right })
}

/** Custom attributes above their limit once a patch is applied: seen before the rule is. */
export const customOverLimit = (
  user: ActiveUser,
  { custom }: AttributesToSet,
): Either<Reason, null> => {
  const fields = new Set(custom.clear ? [] : Object.keys(user.cells).filter(isAttribute))
  for (const [field, value] of custom.values) {
    if (value === null) fields.delete(field)
    else fields.add(field)
  }
  const over = overLimit('customAttributes', fields.size)
  return over === undefined ? E.right(null) : E.left(over)
}

/** Records what a patch changes of a user; nothing where it changes nothing. */
export const recordAttributes = (
  journal: Journal,
  user: ActiveUser,
  { patch, custom }: AttributesToSet,
): void => {
  const { cells } = user
  const held = (field: FieldKey): AttributeValue | null => cells[field]?.value ?? null
  const changes: Array<readonly [FieldKey, PersonalValue]> = singleFields
    .filter((field) => patch[field] !== undefined && patch[field] !== held(field))
    .map((field) => [field, patch[field] ?? null])
  changes.push(...changedAttributes(cells, custom, held))
  if (patch.tags !== undefined) {
    const wanted = patch.tags
    const added = wanted.filter((tag) => cells[tagField(tag)] === undefined)
    const removed = Object.keys(cells)
      .filter(isTag)
      .map(nameIn)
      .filter((tag) => !wanted.includes(tag))
    if (added.length + removed.length > 0)
      changes.push(['tags', { added: [...added].sort(), removed: removed.sort() }])
  }
  for (const definition of custom.definitions) journal.record(definition)
  if (changes.length === 0) return
  journal.record({
    type: 'UserAttributesChanged',
    payload: { userId: user.id, ...valuesOf(changes) },
  })
}

/** Changes as a payload holds them: the names of the fields openly, in order, and their values. */
export const valuesOf = (
  changes: ReadonlyArray<readonly [FieldKey, PersonalValue]>,
): { readonly fields: ReadonlyArray<FieldKey>; readonly values: PersonalValues } => ({
  fields: changes.map(([field]) => field).sort(),
  values: Object.fromEntries(changes),
})
