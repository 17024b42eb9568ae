// The events of a page replayed over those before it: each is decoded, its tags counted, and what it
// finds and leaves compared with the invariants.

import { isOwnType, type Json, type Recorded, replayable, tagsOf, verifyPage } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { toFailure } from './failure.js'
import type { ReadEvent, ReadPage } from './verify-reader.js'
import type { VerifyFinding } from './verify-report.js'
import type { Scratch } from './verify-scratch.js'
import { type GivenTags, tagsFor } from './verify-tags.js'

export interface ReplayTools {
  readonly scratch: Scratch
  readonly tags: GivenTags
  /** A tag as it stands in the index. */
  readonly indexed: (tag: string) => string
}

export type Replay = (page: ReadPage) => ReadonlyArray<VerifyFinding>

export const openReplay = ({ scratch, tags, indexed }: ReplayTools): Replay => {
  return ({ events, position: last }) => {
    const findings: VerifyFinding[] = []
    const readable: Recorded[] = []
    const read: ReadonlyArray<ReadEvent> = JSON.parse(events)
    for (const [position, type, schemaVersion, recordedAt, payload, boxes] of read) {
      if (isOwnType(type)) {
        tags.give(position, tagsFor(ownTags(payload), false, indexed))
        continue
      }
      const event = replayable({ position, type, schemaVersion, recordedAt, payload, boxes })
      if (E.isRight(event)) {
        readable.push(event.right)
        tags.give(position, tagsFor(tagsOf(event.right), boxes.length > 0, indexed))
      } else findings.push({ what: 'schema', message: event.left.message, position })
    }
    try {
      const { broken, changes } = verifyPage(scratch.lookup, readable)
      scratch.write(changes)
      for (const one of broken) findings.push({ what: 'invariant', ...one })
    } catch (error) {
      // Only a log that the engine never wrote leads further than it ever looks.
      const { message } = toFailure(error, `replaying up to position ${last}`)
      findings.push({ what: 'invariant', message, position: last })
    }
    return findings
  }
}

const ownTags = (payload: Json): ReadonlyArray<string> => {
  const tags = typeof payload === 'object' && payload !== null && 'tags' in payload && payload.tags
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : []
}
