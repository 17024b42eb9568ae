// Work for a store, made by hand: commands that define attributes, so that what is recorded, refused
// or thrown is the check's own choice, and an embedder's facts.

import {
  type CommandId,
  canonicalJson,
  type Directory,
  type Failure,
  fold,
  type Key,
  type Moment,
  nthId,
  type Outcome,
  type OwnFact,
  type Reason,
  type Recorded,
  type Seed,
  type Store,
  type WorkItem,
} from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { answer, holds, shown } from './broken.js'

/** A command id, which a check makes up. */
export const commandIdOf = (text: string): CommandId => text as CommandId

/** The key of a user attribute's definition. */
export const definitionOf = (name: string): Key => ({ kind: 'definition', scope: 'user', name })

/** An event that defines a user attribute of type string. */
export const definitionEvent = (
  seed: Seed,
  i: number,
  name: string,
  { now, head }: Moment,
  commandId: CommandId | null = null,
): Recorded => ({
  position: head + i + 1,
  id: nthId(seed, i),
  schemaVersion: 1,
  recordedAt: now,
  occurredAt: now,
  commandId,
  actor: null,
  correlationId: null,
  causationId: null,
  type: 'AttributeDefined',
  payload: { scope: 'user', name, attributeType: 'string' },
})

/** The refusal of an attribute that is defined already. */
export const taken = (name: string): Reason => ({
  code: 'ATTRIBUTE_CONFLICT',
  message: `${name} is defined`,
  details: { name },
})

/**
 * An item that defines attributes, one event each, and is refused where the slice has one of them.
 * Without names it is accepted and records nothing.
 */
export const defining = (
  seed: Seed,
  names: ReadonlyArray<string>,
  more: Partial<WorkItem> = {},
): WorkItem => ({
  commandId: null,
  contentDigest: `defines ${names.join(', ')}`,
  roots: names.map(definitionOf),
  next: () => [],
  decide: (slice, at) => {
    const known = names.find((name) => slice.definitions.has(`user:${name}`))
    if (known !== undefined) return E.left(taken(known))
    const events = names.map((name, i) =>
      definitionEvent(seed, i, name, at, more.commandId ?? null),
    )
    return E.right({
      events,
      directory: fold(slice, events),
      subject: { userId: null, installationId: null },
    })
  },
  ...more,
})

/** The same item under a command id. */
export const under = (
  commandId: string,
  seed: Seed,
  names: ReadonlyArray<string>,
  more: Partial<WorkItem> = {},
): WorkItem => defining(seed, names, { commandId: commandIdOf(commandId), ...more })

/** Transacts one item. */
export const transactOne = async (
  store: Store,
  item: WorkItem,
): Promise<E.Either<Failure, Outcome>> => {
  const outcomes = await store.transact([item])()
  const [outcome] = outcomes
  holds('one item is transacted', outcomes.length === 1, 'one outcome', outcomes)
  return outcome ?? E.left(neverAnswered)
}

const neverAnswered: Failure = {
  _tag: 'Failure',
  kind: 'unexpected',
  message: 'no outcome was given',
  safe: '',
  advice: '',
}

/** The outcome of an item, which is not to fail. */
export const outcomeOf = async (done: string, store: Store, item: WorkItem): Promise<Outcome> =>
  answer(done, await transactOne(store, item))

/** An outcome in a few words: what became of an item, where, and by which events. */
export const toldOf = (outcome: E.Either<Failure, Outcome> | undefined): string => {
  if (outcome === undefined) return 'no outcome'
  if (E.isLeft(outcome)) return `Failure ${outcome.left.kind}`
  switch (outcome.right._tag) {
    case 'Recorded':
      return `Recorded at ${outcome.right.position}`
    case 'Repeated':
      return `Repeated at ${outcome.right.remembered.position}`
    case 'Refused':
      return `Refused ${outcome.right.reason.code}`
  }
}

/** The names that a slice or a log of events defines. */
export const namesIn = (events: ReadonlyArray<{ readonly type: string }>): ReadonlyArray<string> =>
  (events as ReadonlyArray<Recorded>).flatMap((event) =>
    event.type === 'AttributeDefined' ? [event.payload.name] : [],
  )

export const namesOf = ({ definitions }: Directory): ReadonlyArray<string> =>
  [...definitions.keys()].map((key) => key.slice('user:'.length)).sort()

/** An embedder's own fact. */
export const fact = (
  type: OwnFact['type'],
  tags: ReadonlyArray<string> = [],
  payload: OwnFact['payload'] = {},
): OwnFact => ({ type, tags, payload })

/** Appends facts without a condition. */
export const append = async (
  store: Store,
  seed: Seed,
  facts: ReadonlyArray<OwnFact>,
): Promise<number> =>
  answer(`append(${shown(facts)})`, await store.log.append(facts, seed)()).position

/** Equal as canonical JSON, whatever the order of keys. */
export const text = (value: unknown): string => canonicalJson(JSON.parse(JSON.stringify(value)))
