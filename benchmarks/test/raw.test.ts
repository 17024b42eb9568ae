// The raw program is a limit only if it writes what Selfsame writes: Selfsame itself verifies its file.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '@selfsame/store-sqlite'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openOurs } from '../contestants/ours.js'
import { openRaw } from '../contestants/raw.js'
import { readLog } from '../contestants/raw-read.js'
import { kinds } from '../shop.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'selfsame-bench-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const people = Array.from({ length: 300 }, (_, n) => n)
const tables = [
  ...['events', 'boxes', 'tags', 'commands', 'user_keys'],
  ...['users', 'installations', 'identities', 'tokens', 'definitions'],
]

const filled = async (name: 'ours' | 'raw'): Promise<string> => {
  const file = join(folder, `${name}.db`)
  await (await openOurs(file)).close()
  const contestant = name === 'ours' ? await openOurs(file) : openRaw(file)
  for (const [turn, kind] of kinds.entries()) await contestant.run(kind, people, turn, 7)
  // Some save again: a row that is primary already is written in the same order of keys.
  await contestant.run('SaveUser', people.slice(0, 20), 9, 1)
  await contestant.close()
  return file
}

const rowsAndBytes = (file: string) => {
  const db = new Sqlite(file, { readonly: true })
  const sums = tables.map((table) => {
    const columns = db.pragma(`table_info(${table})`) as ReadonlyArray<{ readonly name: string }>
    const bytes = columns
      .map(({ name }) => `coalesce(length(CAST(${name} AS BLOB)), 0)`)
      .join(' + ')
    const sum = db.prepare(`SELECT count(*), coalesce(sum(${bytes}), 0) FROM ${table}`).raw().get()
    return [table, sum] as readonly [string, readonly [number, number]]
  })
  db.close()
  return sums
}

describe('the raw program', () => {
  it('writes as many rows as Selfsame for the same commands, and as many bytes in each table', async () => {
    const ours = rowsAndBytes(await filled('ours'))
    const raw = rowsAndBytes(await filled('raw'))
    expect(raw.map(([table, [rows]]) => [table, rows])).toEqual(
      ours.map(([table, [rows]]) => [table, rows]),
    )
    for (const [i, [table, [, bytes]]] of ours.entries()) {
      const others = raw[i]?.[1][1] ?? 0
      expect(
        Math.abs(others - bytes),
        `${table}: ${others} bytes and ${bytes}`,
      ).toBeLessThanOrEqual(bytes / 100)
    }
  })

  it('writes a log that Selfsame verifies, and projections that a rebuild finds no difference in', async () => {
    const opened = await openSqliteStore({ file: await filled('raw') })()
    if (opened._tag === 'Left') throw new Error(opened.left.message)
    const store = opened.right
    const verified = await store.verify()()
    expect(verified).toMatchObject({ _tag: 'Right', right: { events: 1820, findings: [] } })
    expect(await store.rebuild()()).toMatchObject({ _tag: 'Right', right: { differences: [] } })
    await store.close()()
  })

  it('reads and opens every event and box that Selfsame wrote', async () => {
    expect(readLog(await filled('ours'))).toEqual({ events: 1820, boxes: 920 })
  })

  it('finds the people and installations that Selfsame wrote', async () => {
    const raw = openRaw(await filled('ours'))
    expect(raw.fetch(7)).toMatchObject([
      { cells: { firstName: { value: 'Ann 16' } } },
      { row: { personal: { deviceName: 'Phone of 7' } } },
    ])
    await raw.close()
  })
})
