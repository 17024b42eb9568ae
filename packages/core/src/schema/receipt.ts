// The schema of a receipt: what was recorded, and whom it leaves behind.

import type { KeptValue, Receipt } from '../engine/result.js'
import { orNull, positionShape, userIdShape } from '../log/shape.js'
import { t } from '../prelude.js'
import { object, type Props } from '../values/codec.js'
import { described } from '../values/described.js'
import { CommandId } from '../values/token.js'
import { eventSchema, eventTypes } from './events.js'
import { installation, shaped, user, value } from './shown.js'

const event = described(new t.UnknownType(), (of) => ({
  oneOf: eventTypes.map((type) => eventSchema(of, type)),
}))

type Always = 'ok' | 'position' | 'events'

const always: Readonly<Record<Always, t.Mixed>> = {
  ok: t.literal(true),
  position: positionShape,
  events: t.readonlyArray(event),
}

const sometimes: Props & Readonly<Record<Exclude<keyof Receipt, Always>, t.Mixed>> = {
  commandId: CommandId,
  user,
  installation,
  absorbed: t.readonlyArray(userIdShape),
  kept: t.readonlyArray(
    shaped<KeptValue>('a kept value', {
      field: t.string,
      value: orNull(value),
      position: positionShape,
    }),
  ),
}

/** The receipt of a command that succeeded. */
export const receiptCodec: t.Mixed = object('a receipt', always, sometimes)

export const receiptNotes =
  'What a command that succeeded gives back. The position is the last one recorded, or the head of the ' +
  'log where nothing was; a user and an installation are as of it. One that is given again after an ' +
  'erasure reads "erased" where the values were.'
