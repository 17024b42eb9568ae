// A fresh file for each test, engines over it, and the rows that stand in it.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Engine, openEngine, type Receipt, type Store } from '@selfsame/core'
import Sqlite from 'better-sqlite3'
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, expect } from 'vitest'
import { openSqliteStore } from '../../src/index.js'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

export const newFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'selfsame-test-'))
  folders.push(folder)
  return join(folder, 'people.db')
}

/** Seeds that count, so that a failing test reads the same twice. */
export const countingIds = () => {
  let n = 0
  return () => `01980000-0000-7000-8000-${(++n).toString(16).padStart(12, '0')}`
}

export const right = <L, R>(result: E.Either<L, R>): R => {
  if (E.isRight(result)) return result.right
  throw new Error(`expected a right: ${JSON.stringify(result.left)}`)
}

export const left = <L, R>(result: E.Either<L, R>): L => {
  if (E.isLeft(result)) return result.left
  throw new Error(`expected a left: ${JSON.stringify(result.right)}`)
}

export const openStore = async (file: string, clock?: () => number): Promise<Store> =>
  right(await openSqliteStore({ file, ...(clock === undefined ? {} : { clock }) })())

export const openOver = (store: Store, idSource = countingIds()): Engine =>
  openEngine({ store, idSource })

export const accept = async (engine: Engine, command: unknown): Promise<Receipt> =>
  right(await engine.execute(command)())

/** Runs SQL on a file that no store has open. */
export const inFile = <A>(file: string, work: (db: Sqlite.Database) => A): A => {
  const db = new Sqlite(file)
  try {
    return work(db)
  } finally {
    db.close()
  }
}

export const count = (file: string, table: string): unknown =>
  inFile(file, (db) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get())

export const expectFailure = (result: E.Either<unknown, unknown>, kind: string): void => {
  expect(left(result)).toMatchObject({
    _tag: 'Failure',
    kind,
    message: expect.any(String),
    safe: expect.any(String),
    advice: expect.any(String),
  })
}
