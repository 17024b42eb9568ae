// Verifies a file: the log by itself, by the tree over it and the checkpoints that were kept of it, the
// invariants at every position, and the projections against the log. It goes on after every finding.

import {
  base64,
  fromStored,
  isOwnType,
  openCheckpoint,
  type Progress,
  type Recorded,
  type StoredEvent,
  verifyPage,
} from '@selfsame/core'
import Sqlite, { type Database } from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import { findingsBeside } from './check.js'
import { toFailure } from './failure.js'
import type { KeyFile } from './key-file.js'
import type { Masters } from './secrets.js'
import { nodeChecks } from './signing-key-file.js'
import { openUserKeys } from './user-keys.js'
import { openVault } from './vault.js'
import { wrongRows } from './verify-projections.js'
import { type Kept, openReader, type Reader, type ReadPage } from './verify-reader.js'
import type { VerifyFinding, VerifyOptions, VerifyReport } from './verify-report.js'
import { openScratch, type Scratch } from './verify-scratch.js'
import { yieldToOthers } from './write-lock.js'

/** More would only say the same again, and fill the memory. */
const findingsMax = 100_000
/** How often a verification begins again because somebody was erased under it. */
const restartsMax = 10

export interface VerifyTools {
  readonly file: string
  readonly keyFile: KeyFile
  readonly masters: Masters
  readonly digestKey: Buffer
}

export const runVerify = async (
  tools: VerifyTools,
  options: VerifyOptions,
  progress: Progress,
): Promise<VerifyReport> => {
  for (let restarts = 0; ; restarts += 1) {
    const db = new Sqlite(tools.file, { readonly: true, fileMustExist: true })
    try {
      db.exec('BEGIN')
      const report = await verifySnapshot(db, tools, options, progress)
      // Keys are in no snapshot: who is erased meanwhile cannot be read as the snapshot has it.
      if (
        report.findings.length === 0 ||
        restarts === restartsMax ||
        !erasedSince(tools.file, report)
      )
        return report
    } finally {
      db.close()
    }
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

const verifySnapshot = async (
  db: Database,
  { file, keyFile, masters, digestKey }: VerifyTools,
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
  // In another thread, while the log is read here.
  const beside = findingsOfFile(file)
  const head = Number(db.prepare('SELECT coalesce(max(position), 0) FROM events').pluck().get())
  const keys = openUserKeys(db, keyFile, masters)
  const vault = openVault(keys, digestKey)
  const reader: Reader = openReader({ db, vault, keys, head, kept })
  const scratch = openScratch(vault)
  try {
    for (let isLast = false; !isLast; ) {
      const page: ReadPage = reader.next()
      add(page.findings)
      add(replay(scratch, page))
      progress(page.position, Math.max(page.position, head))
      isLast = page.isLast
      await yieldToOthers()
    }
    add(wrongRows(db, vault, scratch))
    add(await beside)
  } finally {
    scratch.close()
  }
  const broken = findings.flatMap(({ what, position = 0 }) =>
    what === 'checkpoint' ? [position] : [],
  )
  return {
    events: head,
    root: base64(reader.root()),
    grewFrom: kept.map(({ size }) => size).filter((size) => !broken.includes(size) && size <= head),
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

const replay = (scratch: Scratch, { events }: ReadPage): ReadonlyArray<VerifyFinding> => {
  const findings: VerifyFinding[] = []
  const readable: Recorded[] = []
  const stored: ReadonlyArray<StoredEvent | null> = JSON.parse(events)
  for (const one of stored) {
    if (one === null || isOwnType(one.type)) continue
    const event = fromStored(one)
    if (E.isRight(event)) readable.push(event.right)
    else
      findings.push({
        what: 'schema',
        message: event.left.message,
        position: event.left.position,
      })
  }
  const { broken, changes } = verifyPage(scratch.lookup, readable)
  scratch.write(changes)
  return [...findings, ...broken.map((one): VerifyFinding => ({ what: 'invariant', ...one }))]
}
