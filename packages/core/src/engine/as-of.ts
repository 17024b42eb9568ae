// The directory as of a position, for a few users and installations: only the events that concern
// them, or anybody they were merged with, are read and folded.

import type { Subject } from '../commands/decision.js'
import { type Directory, emptyDirectory } from '../directory/directory.js'
import { fold } from '../directory/evolve.js'
import type { Failure } from '../ports/failure.js'
import { pipe, TE } from '../prelude.js'
import type { Position } from '../values/token.js'
import { eventsAbout, type Reader } from './about.js'

/** The slice of the directory that shows a subject as it was at a position. */
export const subjectAt = (
  reader: Reader,
  { userId, installationId }: Subject,
  upTo: Position,
): TE.TaskEither<Failure, Directory> =>
  pipe(
    eventsAbout(reader, {
      users: userId === null ? [] : [userId],
      installations: installationId === null ? [] : [installationId],
      upTo,
    }),
    TE.map((events) => fold(emptyDirectory, events)),
  )
