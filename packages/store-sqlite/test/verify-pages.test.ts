// A verification reads page by page, and a page is bounded by what stands in it as well: events may be
// long, and a thousand long ones are more than a text can hold.

import { expect, it } from 'vitest'
import { openSqliteStore } from '../src/index.js'
import { newFile, openOver, right } from './support/files.js'

it('ends a page where its events are long, and tells how far it is', async () => {
  const store = right(await openSqliteStore({ file: newFile() })())
  const engine = openOver(store)
  const long = { type: 'shop.Imported', tags: [], payload: { text: 'x'.repeat(40_000) } }
  for (let i = 0; i < 15; i += 1) right(await engine.append(Array(20).fill(long))())
  const told: number[] = []
  const report = right(await store.verify({}, (done) => told.push(done))())
  expect(report).toMatchObject({ events: 300, findings: [] })
  // A hundred of them are four million characters.
  expect(told).toEqual([100, 200, 300])
  right(await store.close()())
})

it('tells how far it is every thousand positions, however few it reads at once', async () => {
  const file = newFile()
  const store = right(await openSqliteStore({ file })())
  const engine = openOver(store)
  const short = { type: 'shop.Seen', tags: [], payload: {} }
  for (let i = 0; i < 5; i += 1) right(await engine.append(Array(500).fill(short))())
  const told: number[] = []
  right(await store.verify({}, (done) => told.push(done))())
  expect(told).toEqual([1000, 2000, 2500])
  right(await store.close()())
})
