// The ways in which a log is tampered with, each at a random place. Half of those in the log are done
// by somebody who makes every hash again, whom only the kept checkpoint shows.

import { rmSync } from 'node:fs'
import { signCheckpoint } from '@selfsame/core'
import { createSigningKeyFile, nodeChecks, signingKeyFile } from '@selfsame/store-sqlite'
import type { Database } from 'better-sqlite3'
import type { Random } from './random.js'
import { inFile, makeHashesAgain } from './rows.js'
import { copyOf, right, type Truth } from './truth.js'

/** What was done, and the checkpoint that is believed to be the kept one. */
export interface Tampered {
  readonly done: string
  readonly checkpoint: string
}

export interface Tampering {
  readonly name: string
  /** Whether it is in the log, where a verifier without keys sees it too. */
  readonly isInLog: boolean
  readonly at: (truth: Truth, file: string, random: Random) => Promise<Tampered>
}

/** Nothing but the leaf knows of the last two: with every hash made again, only the checkpoint tells. */
const textColumns = ['id', 'type', 'recorded_at', 'payload', 'occurred_at', 'actor'] as const

/** Flips a byte of a text so that it stays a text. */
const flippedText = (text: string, random: Random): string => {
  const at = random.below(text.length)
  const code = text.charCodeAt(at)
  const other = String.fromCharCode(code ^ (1 << random.below(code < 64 ? 4 : 5)))
  return text.slice(0, at) + (/[\p{Cc}\p{Cs}]/u.test(other) ? '~' : other) + text.slice(at + 1)
}

const flippedBytes = (bytes: Buffer, random: Random): Buffer => {
  const at = random.below(bytes.length)
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8))
  return copy
}

type Bound = string | number | Buffer

const value = <A>(db: Database, sql: string, ...args: Bound[]): A =>
  db
    .prepare<Bound[], A>(sql)
    .pluck()
    .get(...args) as A

const inEvent = (truth: Truth, random: Random): number => 1 + random.below(truth.size)

/** A tampering of the rows of the log, with or without hashes made again. */
const ofLog = (
  name: string,
  change: (db: Database, truth: Truth, random: Random) => string,
): Tampering => ({
  name,
  isInLog: true,
  at: async (truth, file, random) => {
    const isKnowing = random.below(2) === 0
    let done = ''
    inFile(file, (db) => {
      done = change(db, truth, random)
      if (isKnowing) makeHashesAgain(db, truth.size)
    })
    return {
      done: isKnowing ? `${done}, every hash made again` : done,
      checkpoint: truth.checkpoint,
    }
  },
})

const besideLog = (name: string, change: (db: Database, random: Random) => string): Tampering => ({
  name,
  isInLog: false,
  at: async (truth, file, random) => {
    let done = ''
    inFile(file, (db) => {
      done = change(db, random)
    })
    return { done, checkpoint: truth.checkpoint }
  },
})

/** Moves an event and its boxes to another position. */
const move = (db: Database, from: number, to: number): void => {
  db.prepare('UPDATE events SET position = ? WHERE position = ?').run(to, from)
  db.prepare('UPDATE boxes SET position = ? WHERE position = ?').run(to, from)
}

const remove = (db: Database, from: number, to: number): void => {
  for (const table of ['events', 'boxes', 'tags'])
    db.prepare(`DELETE FROM ${table} WHERE position >= ? AND position <= ?`).run(from, to)
}

export const tamperings: ReadonlyArray<Tampering> = [
  ofLog('a byte of an event flipped', (db, truth, random) => {
    const position = inEvent(truth, random)
    const column = random.pick(textColumns)
    const sql = `SELECT ${column} FROM events WHERE position = ?`
    const before = value<string | null>(db, sql, position)
    const after = before === null ? 'mallory' : flippedText(before, random)
    db.prepare(`UPDATE events SET ${column} = ? WHERE position = ?`).run(after, position)
    return `${column} of ${position}: ${before} became ${after}`
  }),
  ofLog('a commitment flipped', (db, truth, random) => {
    // Backwards: what stands after the checkpoint is not shown by it to who has no keys.
    const at = inEvent(truth, random)
    const position =
      value<number | null>(db, 'SELECT max(position) FROM boxes WHERE position <= ?', at) ??
      value<number>(db, 'SELECT min(position) FROM boxes')
    const before = value<Buffer>(db, 'SELECT commitment FROM boxes WHERE position = ?', position)
    db.prepare('UPDATE boxes SET commitment = ? WHERE position = ?').run(
      flippedBytes(before, random),
      position,
    )
    return `the commitment of ${position}`
  }),
  {
    name: 'a leaf hash flipped',
    isInLog: true,
    at: async (truth, file, random) => {
      const position = inEvent(truth, random)
      inFile(file, (db) => {
        const sql = 'SELECT leaf_hash FROM events WHERE position = ?'
        const after = flippedBytes(value<Buffer>(db, sql, position), random)
        db.prepare('UPDATE events SET leaf_hash = ? WHERE position = ?').run(after, position)
      })
      return { done: `the leaf hash of ${position}`, checkpoint: truth.checkpoint }
    },
  },
  ofLog('two events swapped', (db, truth, random) => {
    const a = inEvent(truth, random)
    const b = 1 + ((a + random.below(truth.size - 1)) % truth.size)
    move(db, a, -1)
    move(db, b, a)
    move(db, -1, b)
    return `${a} and ${b}`
  }),
  ofLog('an event removed', (db, truth, random) => {
    const position = inEvent(truth, random)
    remove(db, position, position)
    if (random.below(2) === 0) return `${position}, a gap in its place`
    for (let at = position + 1; at <= truth.head; at += 1) move(db, at, at - 1)
    return `${position}, what follows moved up`
  }),
  ofLog('the tail cut', (db, truth, random) => {
    const from = inEvent(truth, random)
    remove(db, from, truth.head)
    return `from ${from} on`
  }),
  {
    name: 'the file rolled back',
    isInLog: true,
    at: async (truth, file) => {
      copyOf(truth.older, file)
      return { done: 'to what it was before the checkpoint', checkpoint: truth.checkpoint }
    },
  },
  {
    name: 'the tree made again and signed with another key',
    isInLog: true,
    at: async (truth, file, random) => {
      const position = inEvent(truth, random)
      let root: Uint8Array = new Uint8Array(0)
      inFile(file, (db) => {
        db.prepare("UPDATE events SET actor = 'mallory' WHERE position = ?").run(position)
        root = makeHashesAgain(db, truth.size)
      })
      right(await createSigningKeyFile(`${file}-forged`, truth.signer.name)())
      const forger = right(await signingKeyFile(`${file}-forged`)())
      rmSync(`${file}-forged`)
      const signed = right(
        await signCheckpoint(nodeChecks.sha256, forger, { size: truth.size, root })(),
      )
      // By its own key id, or under the id of the true key.
      const id = /— \S+ (\S{5})/
      const ours = id.exec(truth.checkpoint)?.[1] ?? ''
      const isCopied = random.below(2) === 0
      const checkpoint = isCopied
        ? signed.replace(id, (all, own) => all.replace(own, ours))
        : signed
      return {
        done: `the actor of ${position}${isCopied ? ', the key id copied' : ''}`,
        checkpoint,
      }
    },
  },
  besideLog('a sealed box flipped', (db, random) => {
    const positions = db
      .prepare<[], number>('SELECT position FROM boxes WHERE sealed IS NOT NULL')
      .pluck()
      .all()
    const position = random.pick(positions)
    const before = value<Buffer>(db, 'SELECT sealed FROM boxes WHERE position = ?', position)
    db.prepare('UPDATE boxes SET sealed = ? WHERE position = ?').run(
      flippedBytes(before, random),
      position,
    )
    return `the box of ${position}`
  }),
  besideLog('a row of a user or an installation edited', (db, random) => {
    const table = random.pick(['users', 'installations'])
    const ids = db.prepare<[], string>(`SELECT id FROM ${table}`).pluck().all()
    const id = random.pick(ids)
    if (random.below(3) === 0) {
      db.prepare(`DELETE FROM ${table} WHERE id = ?`).run(id)
      return `${table} ${id} removed`
    }
    const before = value<Buffer>(db, `SELECT row FROM ${table} WHERE id = ?`, id)
    const after = flippedBytes(before, random)
    db.prepare(`UPDATE ${table} SET row = ? WHERE id = ?`).run(after, id)
    return `${table} ${id} flipped`
  }),
  besideLog('an identity given to another', (db, random) => {
    const keys = db.prepare<[], Buffer>('SELECT key FROM identities').pluck().all()
    const key = random.pick(keys)
    const owner = value<string>(db, 'SELECT user_id FROM identities WHERE key = ?', key)
    const others = db
      .prepare<[string], string>("SELECT id FROM users WHERE status = 'active' AND id <> ?")
      .pluck()
      .all(owner)
    const thief = random.pick(others)
    db.prepare('UPDATE identities SET user_id = ? WHERE key = ?').run(thief, key)
    return `from ${owner} to ${thief}`
  }),
  besideLog('a tag of the index edited', (db, random) => {
    const rows = db
      .prepare<[], readonly [tag: string, position: number]>('SELECT tag, position FROM tags')
      .raw()
      .all()
    const [tag, position] = random.pick(rows)
    const [other, elsewhere] = random.pick(rows)
    const taken = rows.some((row) => row[0] === tag && row[1] === elsewhere)
    if (taken || random.below(2) === 0) {
      db.prepare('DELETE FROM tags WHERE tag = ? AND position = ?').run(tag, position)
      return `${tag} of ${position} removed`
    }
    if (random.below(2) === 0) {
      db.prepare('INSERT INTO tags (tag, position) VALUES (?, ?)').run(tag, elsewhere)
      return `${tag} added to ${elsewhere}, which has ${other}`
    }
    const move = 'UPDATE tags SET position = ? WHERE tag = ? AND position = ?'
    db.prepare(move).run(elsewhere, tag, position)
    return `${tag} moved from ${position} to ${elsewhere}`
  }),
]
