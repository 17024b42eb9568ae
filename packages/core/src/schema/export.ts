// The schema of a person's export: the user as it is shown, the sources, the events.

import type { ExportedAbsorption, ExportedSource, PersonExport } from '../audit/export.js'
import type { Absorption } from '../audit/history.js'
import type { UserView } from '../directory/view.js'
import type { OwnEvent } from '../log/own-event.js'
import { orNull, positionShape, recordShape, userIdShape } from '../log/shape.js'
import { t } from '../prelude.js'
import { described } from '../values/described.js'
import { envelope, eventSchema, eventTypes } from './events.js'
import { instantOrNull, profile, shaped, user, value } from './shown.js'

const absorption = { userId: userIdShape, into: userIdShape, from: positionShape }

const event = described(new t.UnknownType(), (of) => ({
  oneOf: eventTypes.map((type) => eventSchema(of, type, { withheld: t.readonlyArray(t.string) })),
}))

const fact = shaped<OwnEvent>('a fact', {
  ...envelope,
  type: t.string,
  tags: t.readonlyArray(t.string),
  payload: recordShape(t.unknown),
})

/** The export of a person, as `exportPerson` gives it. */
export const exportCodec = shaped<PersonExport>('a person', {
  format: t.literal('selfsame-export'),
  version: t.literal(1),
  position: positionShape,
  recordedAt: instantOrNull,
  userId: userIdShape,
  user,
  sources: t.readonlyArray(
    shaped<ExportedSource>('a source', {
      field: t.string,
      value,
      positions: t.readonlyArray(positionShape),
    }),
  ),
  absorbed: t.readonlyArray(
    shaped<ExportedAbsorption>('an absorption', {
      ...absorption,
      brought: orNull(shaped<Omit<UserView, 'installations'>>('a user that was', profile)),
    }),
  ),
  separated: t.readonlyArray(
    shaped<Absorption>('a separation', { ...absorption, until: orNull(positionShape) }),
  ),
  events: t.readonlyArray(event),
  facts: t.readonlyArray(fact),
})

export const exportNotes =
  'A copy of everything held of one person. The positions in sources name the events that give each ' +
  'value; an event says when, by whom and by which command it was recorded. A value that is somebody ' +
  'else\'s reads "withheld", and withheld names its place as a JSON Pointer.'
