// The leaf of an event: the canonical text (RFC 8785) that the Merkle tree hashes. A box stands in it
// by a salted commitment, never by its content, so that proofs survive erasure and re-encryption.

import { canonicalJson, type Json } from '../values/json.js'
import type { UserId } from '../values/token.js'
import { utf8Length } from '../values/utf8.js'
import type { StoredEvent } from './boxes.js'
import type { Envelope } from './envelope.js'

/**
 * SHA-256 (lower-case hex) of a box's 32-byte salt followed by its canonical content in UTF-8.
 * Salt and content are sealed together; whoever knows both can recompute the commitment.
 * @since 0.1.0
 * @category Log
 */
export interface Commitment {
  readonly owner: UserId
  readonly sha256: string
}

/**
 * The text that is committed to: the 32 salt bytes, then this.
 * @since 0.1.0
 * @category Log
 */
export const committedContent = (content: Json): string => canonicalJson(content)

/**
 * The longest payload, in bytes of UTF-8, that stands in a leaf itself: with it and the longest
 * envelope a leaf stays below the 65,535 bytes of C2SP's tlog formats.
 * @since 0.1.0
 * @category Log
 */
export const leafPayloadBytesMax = 60_000

/**
 * The leaf of a stored event under the commitments of its boxes, in the order of the boxes. A payload
 * that is too long stands in it by its digest, as `payloadSha256` (ADR 13): `sha256Hex` is SHA-256 of
 * a text in UTF-8, in lower-case hex.
 * @since 0.1.0
 * @category Log
 */
export const leafOf = (
  { boxes: _sealed, payload, ...envelope }: StoredEvent,
  commitments: ReadonlyArray<Commitment>,
  sha256Hex: (text: string) => string,
): string => leafOver(envelope, canonicalJson(payload), commitments, sha256Hex)

/**
 * The same where the payload is at hand as its canonical text.
 * @since 0.1.0
 * @category Log
 */
export const leafOver = (
  envelope: Envelope & { readonly type: string },
  payload: string,
  commitments: ReadonlyArray<Commitment>,
  sha256Hex: (text: string) => string,
): string => {
  const boxes = commitments.map(({ owner, sha256 }) => ({ owner, sha256 }))
  // In the order of the keys, as RFC 8785 has it: parsing and sorting again would take twice as long.
  return (
    `{"actor":${canonicalJson(envelope.actor)}` +
    `,"boxes":${canonicalJson(boxes)}` +
    `,"causationId":${canonicalJson(envelope.causationId)}` +
    `,"commandId":${canonicalJson(envelope.commandId)}` +
    `,"correlationId":${canonicalJson(envelope.correlationId)}` +
    `,"id":${canonicalJson(envelope.id)}` +
    `,"occurredAt":${canonicalJson(envelope.occurredAt)}` +
    (isLong(payload)
      ? `,"payloadSha256":${canonicalJson(sha256Hex(payload))}`
      : `,"payload":${payload}`) +
    `,"position":${canonicalJson(envelope.position)}` +
    `,"recordedAt":${canonicalJson(envelope.recordedAt)}` +
    `,"schemaVersion":${canonicalJson(envelope.schemaVersion)}` +
    `,"type":${canonicalJson(envelope.type)}}`
  )
}

/** Counted only where the count can matter: a unit of UTF-16 is at most three bytes of UTF-8. */
const isLong = (text: string): boolean =>
  text.length * 3 > leafPayloadBytesMax && utf8Length(text) > leafPayloadBytesMax
