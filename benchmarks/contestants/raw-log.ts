// How the raw program writes an event: the row, its box, its tags and its leaf, each made once, as text.

import { randomBytes } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { type RawKeys, seal, sha256 } from './raw-keys.js'

/** The ids of one command: a UUID v7 and the ids derived from it. */
export const newIds = (): ((n: number) => string) => {
  const millis = Date.now().toString(16).padStart(12, '0')
  const random = randomBytes(8).toString('hex')
  const [front, back] = [`${millis.slice(0, 8)}-${millis.slice(8)}`, random.slice(2, 14)]
  return (n) => `${front}-7000-${(0x80 + n).toString(16)}${random.slice(0, 2)}-${back}`
}

export interface RawEvent {
  readonly id: string
  readonly type: string
  readonly commandId: string
  /** Canonical JSON. */
  readonly payload: string
  readonly box: { readonly owner: string; readonly content: string } | null
  readonly tags: ReadonlyArray<string>
}

export const openRawLog = (db: Database, keys: RawKeys) => {
  const insert = db.prepare(
    'INSERT INTO events VALUES (?, ?, ?, 1, ?, ?, ?, NULL, NULL, NULL, ?, ?)',
  )
  const box = db.prepare('INSERT INTO boxes VALUES (?, ?, ?, ?)')
  const tag = db.prepare('INSERT INTO tags VALUES (?, ?)')
  const last = db
    .prepare<[], number>('SELECT position FROM events ORDER BY position DESC LIMIT 1')
    .pluck()
  return {
    last: (): number => last.get() ?? 0,
    append: (position: number, now: string, event: RawEvent): void => {
      const { id, type, commandId, payload, tags } = event
      let boxes = '[]'
      let sealed: readonly [string, Buffer, Buffer] | null = null
      if (event.box !== null) {
        const { owner, content } = event.box
        const plain = Buffer.concat([randomBytes(32), Buffer.from(content)])
        const commitment = sha256(plain)
        sealed = [owner, commitment, seal(keys.keyOf(owner), plain, `box ${id} ${type} ${owner}`)]
        boxes = `[{"owner":"${owner}","sha256":"${commitment.toString('hex')}"}]`
      }
      const leaf = sha256(
        `\0{"actor":null,"boxes":${boxes},"causationId":null,"commandId":${JSON.stringify(commandId)},"correlationId":null,"id":"${id}","occurredAt":"${now}","payload":${payload},"position":${position},"recordedAt":"${now}","schemaVersion":1,"type":"${type}"}`,
      )
      insert.run(position, id, type, now, now, commandId, payload, leaf)
      if (sealed !== null) box.run(position, ...sealed)
      for (const one of tags) tag.run(one, position)
    },
  }
}
