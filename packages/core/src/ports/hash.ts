// Where hashes come from. Core has no cryptography of its own: an embedder's platform has SHA-256.

/**
 * SHA-256 over some bytes.
 * @since 0.1.0
 * @category Ports
 */
export type Sha256 = (bytes: Uint8Array) => Uint8Array
