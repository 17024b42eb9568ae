// Verifies a file: the log by itself, by the tree over it and the checkpoints that were kept of it, the
// invariants at every position, and the projections against the log. It goes on after every finding.

import {
  base64,
  isOwnType,
  type MasterKey,
  openCheckpoint,
  type Progress,
  type Recorded,
  replayable,
  type StoredEvent,
  verifyPage,
} from '@selfsame/core'
import Sqlite from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import { findingsBeside } from './check.js'
import { digest } from './cipher.js'
import { toFailure } from './failure.js'
import type { Masters } from './secrets.js'
import { nodeChecks } from './signing-key-file.js'
import { openFeed } from './verify-feed.js'
import { openComparison } from './verify-projections.js'
import type { ReadPage } from './verify-reader.js'
import type { VerifyFinding, VerifyOptions, VerifyReport } from './verify-report.js'
import { openScratch, type Scratch } from './verify-scratch.js'
import type { Kept } from './verify-tree.js'

/** More would only say the same again, and fill the memory. */
const findingsMax = 100_000
/** How often a verification begins again because somebody was erased under it. */
const restartsMax = 10

export interface VerifyTools {
  readonly file: string
  readonly keyPath: string
  readonly masters: Masters
  readonly digestKey: Buffer
}

export const runVerify = async (
  tools: VerifyTools,
  options: VerifyOptions,
  progress: Progress,
): Promise<VerifyReport> => {
  for (let restarts = 0; ; restarts += 1) {
    const report = await verifyOnce(tools, options, progress)
    // Keys are in no snapshot: who is erased meanwhile cannot be read as the snapshot has it.
    if (
      report.findings.length === 0 ||
      restarts === restartsMax ||
      !erasedSince(tools.file, report)
    )
      return report
  }
}

const erasedSince = (file: string, { events }: VerifyReport): boolean => {
  const db = new Sqlite(file, { readonly: true, fileMustExist: true })
  try {
    const sql = "SELECT 1 FROM events WHERE type = 'UserErased' AND position > ? LIMIT 1"
    return db.prepare(sql).get(events) !== undefined
  } finally {
    db.close()
  }
}

/** Every master key that is known, the current one last. */
const allMasters = ({ current, version }: Masters): ReadonlyArray<MasterKey> =>
  Array.from({ length: current().version + 1 }, (_, at) => version(at)).filter(
    (one) => one !== undefined,
  )

const verifyOnce = async (
  { file, keyPath, masters, digestKey }: VerifyTools,
  { key, checkpoints = [] }: VerifyOptions,
  progress: Progress,
): Promise<VerifyReport> => {
  const findings: VerifyFinding[] = []
  const add = (found: Iterable<VerifyFinding>): void => {
    for (const one of found) if (findings.length < findingsMax) findings.push(one)
  }
  const kept: Kept[] = []
  for (const note of checkpoints) {
    const opened =
      key === undefined ? E.left('its key is not known') : openCheckpoint(nodeChecks, key, note)
    if (E.isRight(opened)) kept.push({ ...opened.right, root: base64(opened.right.root) })
    else add([{ what: 'checkpoint', message: `it is not to be believed: ${opened.left}` }])
  }
  // In another thread, while the log is read.
  const beside = findingsOfFile(file)
  const scratch = openScratch((use, text) => digest(digestKey, use, text))
  const comparison = openComparison(file, scratch)
  let [events, root] = [0, '']
  try {
    const source = { file, keyPath, masters: allMasters(masters), digestKey, kept }
    for await (const page of openFeed(source)) {
      if (page.kind === 'rows') add(comparison.compare(page))
      else if (page.kind === 'end') [events, root] = [page.head, page.root]
      else {
        add(page.findings)
        add(replay(scratch, page))
        progress(page.position, Math.max(page.position, page.head))
      }
    }
    add(comparison.end())
    add(await beside)
  } finally {
    scratch.close()
  }
  const broken = findings.flatMap(({ what, position = 0 }) =>
    what === 'checkpoint' ? [position] : [],
  )
  return {
    events,
    root,
    grewFrom: kept
      .map(({ size }) => size)
      .filter((size) => !broken.includes(size) && size <= events),
    findings: [...findings].sort((a, b) => (a.position ?? 0) - (b.position ?? 0)),
  }
}

/** SQLite's own checks and those of keys. A file that cannot even be asked is a finding too. */
const findingsOfFile = async (file: string): Promise<ReadonlyArray<VerifyFinding>> => {
  try {
    const found = await findingsBeside(file)
    return found.flatMap(({ what, message }) => (what === 'event' ? [] : [{ what, message }]))
  } catch (error) {
    return [{ what: 'sqlite', message: toFailure(error, 'checking the file').message }]
  }
}

/** An event as it was read. */
interface Read {
  readonly leaf: Omit<StoredEvent, 'boxes'>
  readonly boxes: StoredEvent['boxes']
}

const replay = (scratch: Scratch, { events, position }: ReadPage): ReadonlyArray<VerifyFinding> => {
  const findings: VerifyFinding[] = []
  const readable: Recorded[] = []
  const read: ReadonlyArray<Read | null> = JSON.parse(events)
  for (const one of read) {
    if (one === null || isOwnType(one.leaf.type)) continue
    const event = replayable({ ...one.leaf, boxes: one.boxes })
    if (E.isRight(event)) readable.push(event.right)
    else
      findings.push({
        what: 'schema',
        message: event.left.message,
        position: event.left.position,
      })
  }
  try {
    const { broken, changes } = verifyPage(scratch.lookup, readable)
    scratch.write(changes)
    for (const one of broken) findings.push({ what: 'invariant', ...one })
  } catch (error) {
    // Only a log that the engine never wrote leads further than it ever looks.
    const { message } = toFailure(error, `replaying up to position ${position}`)
    findings.push({ what: 'invariant', message, position })
  }
  return findings
}
