// The log read page by page for a verification: positions, times, leaf hashes, the tree over them and
// its stored tiles, boxes against their commitments. What can be read is handed on as JSON.

import { type Box, type Json, leafOver, type Position } from '@selfsame/core'
import type { Database } from 'better-sqlite3'
import { type EventRow, envelopeIn } from './event-rows.js'
import { toFailure } from './failure.js'
import type { UserKeys } from './user-keys.js'
import { leafHashHex, sha256Hex, type Vault } from './vault.js'
import type { VerifyFinding } from './verify-report.js'
import { type Kept, openVerifiedTree } from './verify-tree.js'

/** Positions to a page: some 50 ms of work. Long events end it earlier: it stands in memory at once. */
const pagePositions = 1000
const pageCharacters = 4_000_000
/** Positions read at once: so few that what is made of them is dead before the memory is cleared. */
const readPositions = 50

/** What a replay needs of an event; the boxes are those that are not erased. */
export type ReadEvent = readonly [
  position: Position,
  type: string,
  schemaVersion: number,
  recordedAt: EventRow['recorded_at'],
  payload: Json,
  boxes: ReadonlyArray<Box>,
]

/** A page of the log, and what is wrong in it. */
export interface ReadPage {
  /** The events of the page, a JSON array of `ReadEvent`; one that cannot be read is left out. */
  readonly events: string
  readonly findings: ReadonlyArray<VerifyFinding>
  readonly position: Position
  readonly isLast: boolean
}

export interface ReaderTools {
  readonly db: Database
  readonly vault: Vault
  readonly keys: UserKeys
  readonly head: Position
  readonly kept: ReadonlyArray<Kept>
}

export interface Reader {
  readonly next: () => ReadPage
  /** The root of the tree over what was read. */
  readonly root: () => Uint8Array
}

interface OwnedBox {
  readonly owner: Box['owner']
  /** The commitment, in hex. */
  readonly sha256: string
  readonly sealed: Buffer | null
}

/** An event's public parts, and its leaf hash in hex. */
interface ReadRow extends Omit<EventRow, 'leaf_hash'> {
  readonly leafHash: string
}

type Opened = { readonly boxes: string } | { readonly wrong: string; readonly what?: 'key' }

type JoinedColumns = readonly [
  position: EventRow['position'],
  id: EventRow['id'],
  type: EventRow['type'],
  schema_version: EventRow['schema_version'],
  recorded_at: EventRow['recorded_at'],
  occurred_at: EventRow['occurred_at'],
  command_id: EventRow['command_id'],
  actor: EventRow['actor'],
  correlation_id: EventRow['correlation_id'],
  causation_id: EventRow['causation_id'],
  payload: EventRow['payload'],
  leaf_hash: string,
  owner: Box['owner'] | null,
  commitment: string | null,
  sealed: Buffer | null,
]

const eventRow = (columns: JoinedColumns): ReadRow => ({
  position: columns[0],
  id: columns[1],
  type: columns[2],
  schema_version: columns[3],
  recorded_at: columns[4],
  occurred_at: columns[5],
  command_id: columns[6],
  actor: columns[7],
  correlation_id: columns[8],
  causation_id: columns[9],
  payload: columns[10],
  leafHash: columns[11],
})

const boxIn = (columns: JoinedColumns): OwnedBox | null => {
  const [owner, sha256, sealed] = [columns[12], columns[13], columns[14]]
  return owner === null || sha256 === null ? null : { owner, sha256, sealed }
}

export const openReader = ({ db, vault, keys, head, kept }: ReaderTools): Reader => {
  // As arrays, hashes in hex: objects and buffers would take twice the time.
  const rowsOf = db
    .prepare<[Position, Position], JoinedColumns>(
      `SELECT e.position, e.id, e.type, e.schema_version, e.recorded_at, e.occurred_at, e.command_id,
         e.actor, e.correlation_id, e.causation_id, e.payload, lower(hex(e.leaf_hash)),
         b.owner, lower(hex(b.commitment)), b.sealed
       FROM events e LEFT JOIN boxes b ON b.position = e.position
       WHERE e.position > ? AND e.position <= ? ORDER BY e.position, b.owner`,
    )
    .raw()
  const nextAfter = db
    .prepare<[Position], Position | null>('SELECT min(position) FROM events WHERE position > ?')
    .pluck()
  const commandRow = db.prepare<[string], { position: number; count: number }>(
    'SELECT position, count FROM commands WHERE id = ?',
  )
  const tree = openVerifiedTree(db, kept)
  /** The tree copies what it is given. */
  const leafBytes = Buffer.alloc(32)
  let after: Position = 0
  let recordedAt = ''
  let command: { id: string; position: number; count: number } | undefined

  const tellEnvelope = (row: ReadRow, findings: VerifyFinding[]): void => {
    const { position } = row
    const tell = (what: VerifyFinding['what'], message: string): void => {
      findings.push({ what, message, position })
    }
    if (position !== after + 1) tell('position', `expected position ${after + 1}`)
    if (!instant.test(row.recorded_at)) tell('time', 'recordedAt is no time')
    else if (row.recorded_at < recordedAt)
      tell('time', 'it was recorded before the event that precedes it')
    if (row.command_id !== null && !isOfCommand(row.command_id, position))
      tell('command', 'its command id is not remembered with it')
    recordedAt = row.recorded_at
  }

  const isOfCommand = (id: string, position: Position): boolean => {
    if (command?.id !== id) {
      const row = commandRow.get(id)
      command = row && { id, ...row }
    }
    return (
      command !== undefined &&
      position <= command.position &&
      position > command.position - command.count
    )
  }

  /** An event's boxes as JSON, or what is wrong with one. */
  const openBoxes = (row: ReadRow, boxes: ReadonlyArray<OwnedBox>): Opened => {
    let open = ''
    for (const { owner, sha256: commitment, sealed } of boxes) {
      if (sealed === null) {
        if (keys.isErased(owner)) continue
        return { wrong: 'a box of it is empty, and its owner is not erased' }
      }
      const place = { eventId: row.id, type: row.type, owner }
      const opened = vault.openText(place, commitment, sealed)
      if (opened === 'altered') return { wrong: 'a box of it is not what it is committed to' }
      if (opened !== 'erased')
        open += `${open === '' ? '' : ','}{"owner":${JSON.stringify(owner)},"content":${opened.text}}`
    }
    return { boxes: open }
  }

  /** A key that is damaged is thrown: the event is read without its box then. */
  const openSafely = (row: ReadRow, boxes: ReadonlyArray<OwnedBox>): Opened => {
    try {
      return openBoxes(row, boxes)
    } catch (error) {
      return { wrong: toFailure(error, 'opening a box').message, what: 'key' }
    }
  }

  /** One event: what is wrong with it, and what a replay needs of it, as JSON. */
  const read = (
    row: ReadRow,
    boxes: ReadonlyArray<OwnedBox>,
    findings: VerifyFinding[],
  ): string => {
    const { position } = row
    const leaf = leafOver(envelopeIn(row), row.payload, boxes, sha256Hex)
    const hash = leafHashHex(leaf)
    if (hash !== row.leafHash) {
      findings.push({ what: 'leaf', message: 'it is not what its leaf hash says', position })
      // What is no JSON is told as such, before it is handed on.
      JSON.parse(row.payload)
    }
    tellEnvelope(row, findings)
    leafBytes.write(hash, 'hex')
    for (const one of tree.add(leafBytes)) findings.push(one)
    const opened = openSafely(row, boxes)
    if ('wrong' in opened)
      findings.push({ what: opened.what ?? 'box', message: opened.wrong, position })
    const open = 'wrong' in opened ? '' : opened.boxes
    const [type, recordedAt] = [JSON.stringify(row.type), JSON.stringify(row.recorded_at)]
    return `[${position},${type},${row.schema_version},${recordedAt},${row.payload},[${open}]]`
  }

  const readSafely = (
    row: ReadRow,
    boxes: ReadonlyArray<OwnedBox>,
    findings: VerifyFinding[],
  ): string | undefined => {
    try {
      return read(row, boxes, findings)
    } catch (error) {
      const { message } = toFailure(error, 'reading')
      findings.push({ what: 'schema', message, position: row.position })
      return undefined
    }
  }

  const next = (): ReadPage => {
    const findings: VerifyFinding[] = []
    const events: string[] = []
    const end = after + pagePositions
    let length = 0
    let isLast = false
    while (!isLast && after < end && length < pageCharacters) {
      const from = (nextAfter.get(after) ?? head + 1) - 1
      const rows = from >= head ? [] : rowsOf.all(from, Math.min(head, from + readPositions))
      for (let i = 0; i < rows.length; ) {
        const columns = rows[i]
        if (columns === undefined) break
        const boxes: OwnedBox[] = []
        for (; rows[i]?.[0] === columns[0]; i += 1) {
          const box = boxIn(rows[i] ?? columns)
          if (box !== null) boxes.push(box)
        }
        const row = eventRow(columns)
        const event = readSafely(row, boxes, findings)
        if (event !== undefined) events.push(event)
        length += event?.length ?? 0
        after = row.position
      }
      isLast = rows.length === 0 || after >= head
    }
    if (isLast) findings.push(...tree.end())
    return { events: `[${events.join(',')}]`, findings, position: after, isLast }
  }

  return { next, root: tree.root }
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
