// Checkpoints of a file, and proofs against them.

import {
  type Checkpoint,
  type Disclosure,
  type Failure,
  failure,
  growthFile,
  type NoteKey,
  openCheckpoint,
  type Position,
  type Progress,
  proofFile,
  type Signer,
  signCheckpoint,
} from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type BoxRow, type EventRow, type EventRows, leafIn } from './event-rows.js'
import type { Trying } from './operate.js'
import { nodeChecks } from './signing-key-file.js'
import { sha256, type Tiles } from './tiles.js'
import type { UserKeys } from './user-keys.js'
import { whileBusy } from './write-lock.js'

/**
 * An event's leaf, and the `tlog-proof` file that shows it to stand in the log.
 * @since 0.1.0
 * @category Audit
 */
export interface EventProof {
  readonly leaf: string
  readonly proof: string
}

/**
 * What a file proves about its log. Checkpoints are signed notes as C2SP tlog-checkpoint has them.
 * @since 0.1.0
 * @category Audit
 */
export interface Proofs {
  /**
   * Signs the log as it is. Where `kept` is given, a checkpoint of the same signer, the log must have
   * grown from it, else nothing is signed.
   */
  readonly checkpoint: (
    signer: Signer,
    kept?: string,
    progress?: Progress,
  ) => TaskEither<Failure, string>
  /** Proves an event against a checkpoint that this key signed. */
  readonly proveEvent: (
    key: NoteKey,
    checkpoint: string,
    position: Position,
  ) => TaskEither<Failure, EventProof>
  /**
   * Proves events of ours against a checkpoint that this key signed, and opens their boxes: with the
   * salts, so that whoever gets them needs no key. Nothing is shown of whoever is erased.
   */
  readonly disclose: (
    key: NoteKey,
    checkpoint: string,
    positions: ReadonlyArray<Position>,
  ) => TaskEither<Failure, ReadonlyArray<Disclosure>>
  /** Proves that the log grew from one checkpoint to another. */
  readonly proveGrowth: (key: NoteKey, from: string, to: string) => TaskEither<Failure, string>
}

const refused = (message: string, advice: string): Failure =>
  failure('incompatible', message, 'nothing was signed and nothing was changed', advice)

const notOurs = (why: string): Failure =>
  refused(`the checkpoint is not to be believed: ${why}`, 'name a checkpoint of this log')

const notGrown = ({ size }: Checkpoint, has: string): Failure =>
  failure(
    'corrupt',
    `the log did not grow from the checkpoint of its first ${size} events: ${has}`,
    'nothing was signed and nothing was changed',
    'run verify with that checkpoint; keep the file for inspection, and restore a backup',
  )

const notAmong = (size: number, position: Position): Failure =>
  refused(
    `the checkpoint is of the first ${size} events, and there is no position ${position} among them`,
    'name another position, or a newer checkpoint',
  )

export interface ProveTools {
  readonly db: Database
  readonly tiles: Tiles
  readonly events: Pick<EventRows, 'disclose'>
  readonly keys: Pick<UserKeys, 'freshen'>
  readonly head: () => Position
}

const noProgress: Progress = () => {}

export const proofs = ({ db, tiles, events, keys, head }: ProveTools, trying: Trying): Proofs => {
  const eventAt = db.prepare<[Position], EventRow>('SELECT * FROM events WHERE position = ?')
  const boxesOf = db.prepare<[Position], Pick<BoxRow, 'owner' | 'commitment'>>(
    'SELECT owner, commitment FROM boxes WHERE position = ? ORDER BY owner',
  )
  /** Reads in one snapshot. */
  const reading = <A>(work: () => E.Either<Failure, A>) =>
    whileBusy(() => db.transaction(work).deferred())

  /** A checkpoint of this log: signed by its key, and what the log was at that size. */
  const opened = (key: NoteKey, note: string): E.Either<Failure, Checkpoint> => {
    const checkpoint = openCheckpoint(nodeChecks, key, note)
    if (E.isLeft(checkpoint)) return E.left(notOurs(checkpoint.left))
    const { size, root } = checkpoint.right
    if (size > head()) return E.left(notGrown(checkpoint.right, `it has only ${head()}`))
    return Buffer.from(root).equals(tiles.tree.root(size))
      ? checkpoint
      : E.left(notGrown(checkpoint.right, 'they are others'))
  }

  const proofOf = (position: Position, size: number, note: string): string =>
    proofFile(position - 1, tiles.tree.inclusion(position - 1, size), note)

  return {
    checkpoint: (signer, kept, progress = noProgress) =>
      trying('signing a checkpoint', async () => {
        await tiles.fill((done) => progress(done, head()))
        const now = await reading(() => {
          const before = kept === undefined ? null : opened(signer, kept)
          if (before !== null && E.isLeft(before)) return before
          const size = head()
          return E.right({ size, root: tiles.tree.root(size) })
        })
        return E.isLeft(now) ? now : signCheckpoint(sha256, signer, now.right)()
      }),
    proveEvent: (key, note, position) =>
      trying('proving an event', () =>
        reading(() => {
          const checkpoint = opened(key, note)
          if (E.isLeft(checkpoint)) return checkpoint
          const { size } = checkpoint.right
          const row = position <= size ? eventAt.get(position) : undefined
          if (row === undefined) return E.left(notAmong(size, position))
          const leaf = leafIn(row, boxesOf.all(position))
          return E.right({ leaf, proof: proofOf(position, size, note) })
        }),
      ),
    disclose: (key, note, positions) =>
      trying('disclosing events', () =>
        reading(() => {
          keys.freshen()
          const checkpoint = opened(key, note)
          if (E.isLeft(checkpoint)) return checkpoint
          const { size } = checkpoint.right
          const disclosed: Disclosure[] = []
          for (const position of positions) {
            const row = position <= size ? eventAt.get(position) : undefined
            if (row === undefined) return E.left(notAmong(size, position))
            disclosed.push({ ...events.disclose(row), proof: proofOf(position, size, note) })
          }
          return E.right(disclosed)
        }),
      ),
    proveGrowth: (key, from, to) =>
      trying('proving that the log only grew', () =>
        reading(() => {
          const [old, now] = [opened(key, from), opened(key, to)]
          if (E.isLeft(old)) return old
          if (E.isLeft(now)) return now
          if (old.right.size > now.right.size)
            return E.left(refused('the older checkpoint is the larger one', 'swap the two'))
          const proof = tiles.tree.consistency(old.right.size, now.right.size)
          return E.right(growthFile(old.right.size, proof, to))
        }),
      ),
  }
}
