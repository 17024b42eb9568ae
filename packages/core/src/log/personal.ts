// The personal part of a payload: which boxes it stands in, and how it comes out of them again. A box
// belongs to one user, under whose key it is sealed; once that user is erased it is gone.

import { t } from '../prelude.js'
import { ERASED, erasedValue } from '../values/identity.js'
import { isList, isRecord, type Json, jsonOf } from '../values/json.js'
import type { Position, UserId } from '../values/token.js'
import type { PersonalValues } from './fact.js'
import { fieldsShape, pushRegistrationIdShape, userIdShape } from './shape.js'

/**
 * Personal values of one event, and the user under whose key they are sealed.
 * @since 0.1.0
 * @category Log
 */
export interface Box {
  readonly owner: UserId
  readonly content: Json
}

/** The public part of a payload before its codec has seen it. */
export type OpenPart = Readonly<Record<string, unknown>>

/**
 * The personal part of an event type: the payload's fields that are sealed, the boxes they stand in
 * (at most one for each owner, in the order of the owners, none where there is no value), and the
 * fields again, from the boxes that open. What stood in a box that is gone reads `erased`.
 * @since 0.1.0
 * @category Log
 */
export interface Personal<Payload> {
  readonly fields: ReadonlyArray<keyof Payload & string>
  readonly boxes: (payload: Payload) => ReadonlyArray<Box>
  readonly facts: (open: OpenPart, boxes: ReadonlyArray<Box>, position: Position) => OpenPart
}

const erasedValues = (fields: unknown): PersonalValues =>
  Object.fromEntries(fieldsShape.is(fields) ? fields.map((field) => [field, ERASED]) : [])

const contentIn = (box: Box | undefined): OpenPart | undefined =>
  isRecord(box?.content) ? box.content : undefined

const isEmpty = (values: object): boolean => Object.keys(values).length === 0

/** `values`, of the user an event names, or of its `ownerId` where the event names one. */
export const valuesInOneBox: Personal<{
  readonly userId: UserId
  readonly ownerId?: UserId
  readonly values: PersonalValues
}> = {
  fields: ['values'],
  boxes: ({ userId, ownerId, values }) =>
    isEmpty(values) ? [] : [{ owner: ownerId ?? userId, content: { values: jsonOf(values) } }],
  facts: ({ fields }, [box]) => contentIn(box) ?? { values: erasedValues(fields) },
}

/** `value`, the identity that a user is given. */
export const identityInOneBox: Personal<{ readonly userId: UserId; readonly value: string }> = {
  fields: ['value'],
  boxes: ({ userId, value }) => [{ owner: userId, content: { value } }],
  facts: (_, [box], position) => contentIn(box) ?? { value: erasedValue(position) },
}

/** An installation in an event that moves several, and under whose key its values are. */
export const kept = t.type({ pushRegistrationId: pushRegistrationIdShape, fields: fieldsShape })
export const moved = t.type({ ...kept.props, ownerId: userIdShape })

interface Moving {
  readonly survivorId: UserId
  readonly installations: ReadonlyArray<t.TypeOf<typeof moved>>
  readonly remaining?: ReadonlyArray<t.TypeOf<typeof kept>>
  readonly carried: ReadonlyArray<PersonalValues>
}

const moving = t.intersection([
  t.type({ survivorId: userIdShape, installations: t.readonlyArray(moved) }),
  t.partial({ remaining: t.readonlyArray(kept) }),
])

/** Whose values `carried` holds, one after another, and of which fields. */
const entriesOf = ({ survivorId, installations, remaining = [] }: Omit<Moving, 'carried'>) => [
  ...installations.map(({ ownerId, fields }) => ({ ownerId, fields })),
  ...remaining.map(({ fields }) => ({ ownerId: survivorId, fields })),
]

/** `carried`: each owner's box holds, in their order, the entries that are theirs. */
export const carriedInBoxes: Personal<Moving> = {
  fields: ['carried'],
  boxes: (payload) => {
    const byOwner = new Map<UserId, PersonalValues[]>()
    entriesOf(payload).forEach(({ ownerId }, i) => {
      const carried = byOwner.get(ownerId) ?? []
      byOwner.set(ownerId, carried)
      carried.push(payload.carried[i] ?? {})
    })
    return [...byOwner]
      .filter(([, carried]) => !carried.every(isEmpty))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([owner, carried]) => ({ owner, content: { carried: jsonOf(carried) } }))
  },
  facts: (open, boxes) => {
    const carriedBy = new Map(
      boxes.map((box) => {
        const carried = contentIn(box)?.carried
        return [box.owner, isList(carried) ? carried.values() : undefined]
      }),
    )
    const entries = moving.is(open) ? entriesOf(open) : []
    return {
      carried: entries.map(
        ({ ownerId, fields }) => carriedBy.get(ownerId)?.next().value ?? erasedValues(fields),
      ),
    }
  },
}
