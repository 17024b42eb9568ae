// Verifies a file: the log by itself, by the tree over it and the checkpoints that were kept of it, the
// invariants at every position, and the projections against the log. It goes on after every finding.

import { randomBytes } from 'node:crypto'
import { base64, type MasterKey, openCheckpoint, type Progress } from '@selfsame/core'
import Sqlite from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import { findingsBeside } from './check.js'
import { openDigest } from './cipher.js'
import { indexedBy } from './event-rows.js'
import { toFailure } from './failure.js'
import type { Masters } from './secrets.js'
import { nodeChecks } from './signing-key-file.js'
import type { Beside, Differing } from './verify-beside.js'
import { allPages, type Feed, openFeed } from './verify-feed.js'
import type { LogPage } from './verify-log.js'
import { type Comparison, openComparison } from './verify-projections.js'
import { openReplay } from './verify-replay.js'
import type { VerifyFinding, VerifyOptions, VerifyReport } from './verify-report.js'
import { openScratch, tables } from './verify-scratch.js'
import { differing, openSums } from './verify-sums.js'
import { differingBlocks, openGivenTags } from './verify-tags.js'
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
  const secret = randomBytes(16).toString('hex')
  const sums = openSums(secret)
  const digestOf = openDigest(digestKey)
  const scratch = openScratch(digestOf, sums)
  const tags = openGivenTags()
  const replay = openReplay({ scratch, tags, indexed: indexedBy(digestOf) })
  const options = { file, keyPath, masters: allMasters(masters), digestKey }
  const beside = openFeed('beside', { ...options, secret })
  let log: Feed<LogPage> | undefined
  let [events, root] = [0, '']
  try {
    const begun = await beside.next()
    events = begun?.kind === 'begun' ? begun.head : 0
    // Both in other threads, while the log is replayed.
    const [wrongInFile, summed] = [findingsOfFile(file), summing(beside)]
    // Its snapshot is a later one, of which the same events are read.
    log = openFeed('log', { ...options, kept, head: events })
    let isRead = true
    for await (const page of allPages(log)) {
      if (page.kind === 'end') root = page.root
      else if (page.kind === 'unreadable') {
        add([{ what: 'sqlite', message: page.message }])
        isRead = false
      } else {
        add(page.findings)
        add(replay(page))
        progress(page.position, Math.max(page.position, events))
      }
    }
    const told = await summed
    scratch.countRest()
    if (told.kind === 'findings') add(told.findings)
    else if (isRead) {
      const names = differing(sums.byName, told.sums)
      const differs = {
        tables: tables.filter((table) => names.includes(table)),
        blocks: differingBlocks(tags.end(), told.tags),
      }
      for await (const found of differences(beside, differs, openComparison(file, scratch)))
        add(found)
    }
    add(await wrongInFile)
  } finally {
    await Promise.all([beside.close(), log?.close()])
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

/** Waits for the sums over what stands beside the log, or what stood against reading it. */
const summing = async (
  beside: Feed<Beside>,
): Promise<Extract<Beside, { readonly kind: 'summed' | 'findings' }>> => {
  try {
    for (;;) {
      const page = await beside.next()
      if (page?.kind === 'summed' || page?.kind === 'findings') return page
      if (page === null) throw new Error('nothing was summed')
    }
  } catch (error) {
    const { message } = toFailure(error, 'reading what stands beside the log')
    return { kind: 'findings', findings: [{ what: 'sqlite', message }] }
  }
}

/** What differs, row by row, where sums do. */
async function* differences(
  beside: Feed<Beside>,
  differs: Differing,
  { compare, missing }: Comparison,
): AsyncGenerator<ReadonlyArray<VerifyFinding>> {
  if (differs.tables.length + differs.blocks.length === 0) return
  for (let page = await beside.next(differs); page !== null; page = await beside.next()) {
    if (page.kind === 'rows') yield compare(page.rows)
    if (page.kind === 'findings') yield page.findings
  }
  for (const table of differs.tables) yield missing(table)
}
