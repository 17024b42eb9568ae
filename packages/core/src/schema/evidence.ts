// The schema of the bundle in an evidence folder: the events with what of them is revealed, and why the
// person is as it is.

import type { Decision, Side } from '../audit/decisions.js'
import type { Evidence, EvidenceBox, EvidenceEvent } from '../audit/evidence.js'
import type { Explained, Explanation, Link } from '../audit/explain.js'
import type { Absorption } from '../audit/history.js'
import type {
  FieldOfMerge,
  LinkedIdentity,
  MergeExplained,
  MergesExplained,
  TagOfMerge,
} from '../audit/merges.js'
import {
  instantShape,
  orNull,
  positionShape,
  pushRegistrationIdShape,
  recordShape,
  userIdShape,
} from '../log/shape.js'
import { t } from '../prelude.js'
import { literals } from '../values/codec.js'
import { envelope } from './events.js'
import { instantOrNull, named, shaped, text, value } from './shown.js'

const hex = named('a hex text', t.string, { type: 'string', pattern: '^[0-9a-f]{64}$' })
const positionOrNull = orNull(positionShape)
const anyObject = recordShape(t.unknown)

const box = shaped<EvidenceBox>('a box', {
  owner: userIdShape,
  sha256: hex,
  closed: orNull(t.union([t.literal('withheld'), t.literal('erased')])),
  salt: orNull(hex),
  content: orNull(anyObject),
})

const event = shaped<EvidenceEvent>('a proved event', {
  ...envelope,
  type: t.string,
  payload: anyObject,
  boxes: t.readonlyArray(box),
})

const side = shaped<Side>('a side', {
  userId: userIdShape,
  position: positionOrNull,
  value: orNull(value),
})

const settled = ['only', 'policy', 'override', 'left'] as const

const decision = shaped<Decision>('a decision', {
  settledBy: literals('how it was settled', [...settled, 'union', 'unmerge']),
  policy: text,
  chosen: orNull(side),
  rejected: orNull(side),
})

const link = shaped<Link>('a link', {
  position: positionShape,
  recordedAt: instantShape,
  type: t.string,
  userId: userIdShape,
  other: orNull(userIdShape),
  actor: text,
  commandId: text,
  decision: orNull(decision),
})

const at = { position: positionShape, recordedAt: instantOrNull }

const explanation = shaped<Explanation>('an explanation', {
  ...at,
  userId: userIdShape,
  fields: t.readonlyArray(
    shaped<Explained>('an explained field', {
      field: t.string,
      value: orNull(value),
      chain: t.readonlyArray(link),
      upheld: t.readonlyArray(link),
    }),
  ),
})

const identities = t.readonlyArray(
  shaped<LinkedIdentity>('a linked identity', {
    linked: positionShape,
    kind: orNull(t.union([t.literal('externalUserId'), t.literal('phone'), t.literal('email')])),
    value: text,
  }),
)

const merge = shaped<MergeExplained>('a merge', {
  position: positionShape,
  recordedAt: instantShape,
  actor: text,
  commandId: text,
  survivorId: userIdShape,
  absorbedId: userIdShape,
  askedBy: literals('who asked', ['MergeUsers', 'Personalize']),
  matched: identities,
  policy: t.string,
  overrides: recordShape(userIdShape),
  dataLeft: t.boolean,
  fields: t.readonlyArray(
    shaped<FieldOfMerge>('a field of a merge', {
      field: t.string,
      settledBy: literals('how a merge settled it', settled),
      taken: literals('whose was taken', ['survivor', 'absorbed']),
      chosen: side,
      rejected: side,
    }),
  ),
  tags: t.readonlyArray(
    shaped<TagOfMerge>('a tag of a merge', {
      tag: t.string,
      brought: t.boolean,
      userId: userIdShape,
      position: positionShape,
    }),
  ),
  moved: identities,
  released: identities,
  installations: t.readonlyArray(pushRegistrationIdShape),
  undone: positionOrNull,
})

export const evidenceCodec = shaped<Evidence>('an evidence', {
  format: t.literal('selfsame-evidence'),
  version: t.literal(1),
  ...at,
  log: t.string,
  size: positionShape,
  userId: userIdShape,
  erasedAt: positionOrNull,
  absorbed: t.readonlyArray(
    shaped<Absorption>('an absorption', {
      userId: userIdShape,
      into: userIdShape,
      from: positionShape,
      until: positionOrNull,
    }),
  ),
  events: t.readonlyArray(event),
  explanation: orNull(explanation),
  merges: orNull(
    shaped<MergesExplained>('merges', {
      ...at,
      userId: userIdShape,
      merges: t.readonlyArray(merge),
    }),
  ),
})

export const evidenceNotes =
  'The events of one person as of a signed checkpoint, for whoever has no key. An event has what of it is ' +
  'public, and its boxes: SHA-256 of the salt (32 bytes) and the canonical JSON (RFC 8785) of the content ' +
  'is sha256; a closed box has neither. The proofs stand in files beside it, one an event. In explanations ' +
  'the word "withheld" or "erased" stands in place of a value that is not revealed.'
