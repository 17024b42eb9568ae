// Checks proofs of a Merkle tree as a stranger does, from roots alone: RFC 9162 sections 2.1.3.2 and
// 2.1.4.2, which say for RFC 6962's proofs how to verify them.

import type { Sha256 } from '../ports/hash.js'
import { nodeHashOf } from './merkle.js'
import { sameBytes } from './note-bytes.js'

/**
 * Whether a leaf stands at an index of the tree that has this size and root.
 * @since 0.1.0
 * @category Audit
 */
export const isIncluded = (
  sha256: Sha256,
  {
    index,
    size,
    root,
  }: { readonly index: number; readonly size: number; readonly root: Uint8Array },
  leafHash: Uint8Array,
  path: ReadonlyArray<Uint8Array>,
): boolean => {
  if (!(index >= 0 && index < size)) return false
  let [at, last, hash] = [index, size - 1, leafHash]
  for (const step of path) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      hash = nodeHashOf(sha256, step, hash)
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)]
    } else hash = nodeHashOf(sha256, hash, step)
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && sameBytes(hash, root)
}

const half = (n: number): number => Math.floor(n / 2)

/** A tree by its size and root. */
interface Head {
  readonly size: number
  readonly root: Uint8Array
}

/**
 * Whether one tree is the beginning of another. From the empty tree every tree grows.
 * @since 0.1.0
 * @category Audit
 */
export const isConsistent = (
  sha256: Sha256,
  old: Head,
  now: Head,
  proof: ReadonlyArray<Uint8Array>,
): boolean => {
  if (old.size > now.size) return false
  if (old.size === now.size) return proof.length === 0 && sameBytes(old.root, now.root)
  if (old.size === 0) return proof.length === 0 && sameBytes(old.root, sha256(new Uint8Array(0)))
  let [at, last] = [old.size - 1, now.size - 1]
  while (at % 2 === 1) [at, last] = [half(at), half(last)]
  // The old root itself is not repeated in the proof where it is a complete subtree.
  const [first, ...steps] = at === 0 ? [old.root, ...proof] : proof
  if (first === undefined) return false
  let [before, after] = [first, first]
  for (const step of steps) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      before = nodeHashOf(sha256, step, before)
      after = nodeHashOf(sha256, step, after)
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)]
    } else after = nodeHashOf(sha256, after, step)
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && sameBytes(before, old.root) && sameBytes(after, now.root)
}
