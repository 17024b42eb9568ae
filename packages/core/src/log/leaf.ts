// The leaf of an event: the canonical text (RFC 8785) that the Merkle tree hashes. A box stands in it
// by a salted commitment, never by its content, so that proofs survive erasure and re-encryption.

import { canonicalJson, type Json } from '../values/json.js'
import type { UserId } from '../values/token.js'
import type { StoredEvent } from './boxes.js'

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
 * The leaf of a stored event under the commitments of its boxes, in the order of the boxes.
 * @since 0.1.0
 * @category Log
 */
export const leafOf = (
  { boxes: _sealed, ...open }: StoredEvent,
  commitments: ReadonlyArray<Commitment>,
): string =>
  canonicalJson({
    ...open,
    boxes: commitments.map(({ owner, sha256 }) => ({ owner, sha256 })),
  })
