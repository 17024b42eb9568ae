// What a decision is: a pure function from the slice of the directory that a command concerns to the
// events it records, or the reason why it is refused. `openJournal` is where its events are written.

import type { Directory } from '../directory/directory.js'
import { fold } from '../directory/evolve.js'
import type { Key } from '../directory/keys.js'
import { installationOverLimit, userOverLimit } from '../directory/limits.js'
import type { Reason } from '../directory/refusal.js'
import { catalog } from '../log/catalog.js'
import type { Provenance, Recorded } from '../log/envelope.js'
import type { DomainEvent } from '../log/event.js'
import { nthId, type Seed } from '../log/ids.js'
import { inKeyOrder } from '../log/key-order.js'
import type { Policies } from '../merge/policy.js'
import { E, type Either } from '../prelude.js'
import type { Codec } from '../values/codec.js'
import type { Instant } from '../values/instant.js'
import type { Json } from '../values/json.js'
import type { Position, PushRegistrationId, UserId } from '../values/token.js'
import { userId } from '../values/token.js'

/**
 * The choices an embedder makes for an engine (domain.md sections 5 and 7).
 * @since 0.1.0
 * @category Engine
 */
export interface Rules {
  /** Row 8 of Personalize: an unknown identity on a personalized installation. */
  readonly personalizeUnknownIdentity: 'refuse' | 'extend'
  /** Whether an anonymous user that is absorbed brings its attributes and tags. */
  readonly anonymousData: 'fill' | 'leave'
  /** Merge policies by name; the first is the default of `MergeUsers`. */
  readonly policies: Policies
}

/**
 * Everything a decision may know beside its slice and its command. The store gives `now` and `head`.
 * @since 0.1.0
 * @category Commands
 */
export interface Context {
  readonly now: Instant
  readonly head: Position
  readonly seed: Seed
  readonly provenance: Provenance
  readonly rules: Rules
}

/**
 * Whom a receipt shows.
 * @since 0.1.0
 * @category Commands
 */
export interface Subject {
  readonly userId: UserId | null
  readonly installationId: PushRegistrationId | null
}

/**
 * What a command that is accepted records, and the slice after it.
 * @since 0.1.0
 * @category Commands
 */
export interface Decision {
  readonly events: ReadonlyArray<Recorded>
  readonly directory: Directory
  readonly subject: Subject
}

/**
 * A decision, or the reason for a refusal.
 * @since 0.1.0
 * @category Commands
 */
export type Decided = Either<Reason, Decision>

/**
 * One command: its codec, the keys it needs, and its rule.
 * @since 0.1.0
 * @category Commands
 */
export interface CommandDefinition<Command> {
  readonly codec: Codec<Command>
  /** What an absent or null key means: the content of a command id is the same either way. */
  readonly defaults?: Readonly<Record<string, Json>>
  /** What the command alone tells, beyond its codec. */
  readonly check?: (command: Command) => Either<Reason, null>
  readonly roots: (command: Command) => ReadonlyArray<Key>
  /** Keys beyond those that a slice leads to by itself. */
  readonly next?: (slice: Directory, command: Command) => ReadonlyArray<Key>
  readonly decide: (slice: Directory, command: Command, context: Context) => Decided
}

/** The events of one decision as they come about, and the directory as they leave it. */
export interface Journal {
  readonly directory: () => Directory
  readonly newUserId: () => UserId
  readonly record: (fact: DomainEvent) => void
  /** Ends the decision; refuses it where its result is above a limit. */
  readonly close: (subject: Partial<Subject>) => Decided
}

export const openJournal = (slice: Directory, context: Context): Journal => {
  const { now, head, seed, provenance } = context
  const events: Recorded[] = []
  let directory = slice
  let ids = 0
  return {
    directory: () => directory,
    newUserId: () => userId(nthId(seed, ids++)),
    record: (fact) => {
      const event: Recorded = {
        position: head + events.length + 1,
        id: nthId(seed, ids++),
        schemaVersion: catalog[fact.type].version,
        recordedAt: now,
        occurredAt: provenance.occurredAt ?? now,
        commandId: provenance.commandId,
        actor: provenance.actor,
        correlationId: provenance.correlationId,
        causationId: provenance.causationId,
        ...inKeyOrder(fact),
      }
      events.push(event)
      directory = fold(directory, [event])
    },
    close: (subject) => {
      const over = overLimit(slice, directory)
      return over === undefined
        ? E.right({
            events,
            directory,
            subject: {
              userId: subject.userId ?? null,
              installationId: subject.installationId ?? null,
            },
          })
        : E.left(over)
    },
  }
}

const overLimit = (before: Directory, after: Directory): Reason | undefined => {
  for (const user of after.users.values()) {
    if (user.status !== 'active' || before.users.get(user.id) === user) continue
    const over = userOverLimit(user)
    if (over !== undefined) return over
  }
  for (const installation of after.installations.values()) {
    if (before.installations.get(installation.id) === installation) continue
    const over = installationOverLimit(installation)
    if (over !== undefined) return over
  }
  return undefined
}
