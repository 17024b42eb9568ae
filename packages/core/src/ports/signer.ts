// Who signs checkpoints: a key of the embedder's, in a file or in a remote key service. It is a port
// apart from the key ring: who can read people's values need not be able to speak for the log.

import type { TaskEither } from '../prelude.js'
import type { Failure } from './failure.js'

/**
 * A key that checks signatures, under the name that it signs by.
 * @since 0.1.0
 * @category Ports
 */
export interface NoteKey {
  readonly name: string
  /** An Ed25519 public key: 32 bytes as RFC 8032 encodes them. */
  readonly publicKey: Uint8Array
}

/**
 * Signs with the private half of its key: 64 bytes as RFC 8032 has them.
 * @since 0.1.0
 * @category Ports
 */
export interface Signer extends NoteKey {
  readonly sign: (message: Uint8Array) => TaskEither<Failure, Uint8Array>
}

/**
 * Whether an Ed25519 signature (RFC 8032) is of this key over this message.
 * @since 0.1.0
 * @category Ports
 */
export type CheckSignature = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean
