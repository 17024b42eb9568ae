// The schema of an erasure certificate, as `selfsame erase` prints it: what was erased, and the heads of
// the tree before and after.

import type { ErasureCertificate } from '../audit/erasure-certificate.js'
import {
  instantShape,
  orNull,
  positionShape,
  positionsShape,
  pushRegistrationIdShape,
  userIdShape,
} from '../log/shape.js'
import { t } from '../prelude.js'
import { named, shaped, text } from './shown.js'

const size = named('a size', t.number, { type: 'integer', minimum: 0 })
const hash = named('a hash', t.string, {
  type: 'string',
  pattern: '^[A-Za-z0-9+/]{43}=$',
  description: 'SHA-256 in base64.',
})
const note = named('a checkpoint', t.string, {
  type: 'string',
  description: 'A signed note, C2SP tlog-checkpoint.',
})

/** `checkpoint` is null where nobody signs for the log. */
const head = shaped<{ readonly size: 0; readonly root: 0; readonly checkpoint: 0 }>('a tree head', {
  size,
  root: hash,
  checkpoint: orNull(note),
})

interface Heads {
  readonly isSigned: boolean
  readonly before: unknown
  readonly after: unknown
  readonly growth: string | null
  readonly publicKey: string | null
}

export const erasureCodec = shaped<ErasureCertificate & Heads>('an erasure', {
  format: t.literal('selfsame-erasure'),
  version: t.literal(1),
  userId: userIdShape,
  absorbed: t.readonlyArray(userIdShape),
  installations: t.readonlyArray(pushRegistrationIdShape),
  identities: size,
  position: positionShape,
  recordedAt: instantShape,
  actor: text,
  commandId: text,
  reason: t.string,
  positions: positionsShape,
  isSigned: t.boolean,
  before: head,
  after: head,
  growth: text,
  publicKey: text,
})

export const erasureNotes =
  'A certificate that a person was erased, without any personal value. The positions are those of the ' +
  'events that held personal values of theirs; each was read again and holds none. The growth is a proof ' +
  'that the log only grew from the checkpoint before to the one after (C2SP tlog-witness); both are null ' +
  'where nobody signs for the log.'
