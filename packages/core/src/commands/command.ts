// What all commands share: plain JSON with a `type`, and what any of them may carry for the reader.

import type { Provenance } from '../log/envelope.js'
import type { t } from '../prelude.js'
import {
  type Codec,
  literals,
  nullable,
  type ObjectOf,
  object,
  type Props,
} from '../values/codec.js'
import { OccurredAt } from '../values/instant.js'
import { CommandId, Token } from '../values/token.js'

const carried = {
  commandId: nullable(CommandId),
  actor: nullable(Token),
  correlationId: nullable(Token),
  causationId: nullable(Token),
  occurredAt: nullable(OccurredAt),
}

/** The keys that decide nothing and are no part of a command's content. */
export const carriedKeys: ReadonlySet<string> = new Set(Object.keys(carried))

/**
 * What every command may carry: its idempotency key, and what a reader of the log wants to know.
 * @since 0.1.0
 * @category Commands
 */
export type Carried = { readonly [K in keyof typeof carried]?: t.TypeOf<(typeof carried)[K]> }

export type CommandOf<Type extends string, R extends Props, O extends Props> = {
  readonly type: Type
} & Carried &
  ObjectOf<R, O>

/** The codec of one command: these keys, those that every command may carry, and no other. */
export const command = <const Type extends string, R extends Props, O extends Props>(
  type: Type,
  required: R,
  optional: O,
  ignored: ReadonlyArray<string> = [],
): Codec<CommandOf<Type, R, O>> => {
  const typed: Codec<CommandOf<Type, R, O>> = object(
    `a ${type} command`,
    { type: literals('type', [type]), ...required },
    { ...carried, ...optional },
    ignored,
  )
  return typed
}

/** The provenance of the events that a command records. */
export const provenanceOf = (command: Carried): Provenance => ({
  commandId: command.commandId ?? null,
  actor: command.actor ?? null,
  correlationId: command.correlationId ?? null,
  causationId: command.causationId ?? null,
  occurredAt: command.occurredAt ?? null,
})
