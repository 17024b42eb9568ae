// The shelf that a verification keeps rows on: whatever is put away is found again as it was, and its
// sum is over every row, in whatever order they came.

import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { openShelf } from '../src/verify-shelf.js'
import { openStream } from '../src/verify-stream.js'
import { differing, openSums } from '../src/verify-sums.js'

interface Row {
  readonly text: string
}

const openOne = (max: number) => {
  const sums = openSums('secret')
  const shelf = openShelf<Row>(new Sqlite(''), {
    table: 'rows',
    max,
    textOf: ({ text }) => text,
    rowOf: (text) => ({ text }),
    ...openStream(),
    count: (key, _, text) => sums.count('rows', key, text),
  })
  return { sums, shelf }
}

/** The same numbers on every machine. */
const numbers = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % below
  }
}

it.each([1, 2, 3])('holds what a map holds, and sums up what a map sums up: seed %i', (seed) => {
  const below = numbers(seed)
  const { shelf, sums } = openOne(5)
  const map = new Map<string, string>()
  for (let step = 0; step < 3000; step += 1) {
    const key = `k${below(40)}`
    const what = below(10)
    if (what < 5) {
      const text = 'äx'.repeat(below(40)) + step
      shelf.get(key)
      shelf.put(key, { text })
      map.set(key, text)
    } else if (what < 7) {
      shelf.remove(key)
      map.delete(key)
    } else if (what < 9) expect(shelf.get(key)?.text).toBe(map.get(key))
    else expect(shelf.peek(key)?.text).toBe(map.get(key))
    if (below(4) === 0) shelf.tidy()
  }
  expect([...shelf.keys()].sort()).toEqual([...map.keys()].sort())
  shelf.countRest()
  const model = openSums('secret')
  for (const [key, text] of [...map].reverse()) model.count('rows', key, text)
  expect(differing(sums.byName, model.byName)).toEqual([])
  model.count('rows', 'k1', 'another')
  expect(differing(sums.byName, model.byName)).toEqual(['rows'])
})

it('puts a row over one that is put away, without asking for it first', () => {
  const { shelf, sums } = openOne(0)
  shelf.put('a', { text: 'old' })
  shelf.tidy()
  shelf.put('a', { text: 'new' })
  shelf.tidy()
  const model = openSums('secret')
  model.count('rows', 'a', 'new')
  expect(differing(sums.byName, model.byName)).toEqual([])
})

it('a sum tells a row that moved to another key, and a text that moved into a key', () => {
  const [a, b] = [openSums('secret'), openSums('secret')]
  a.count('rows', 'k', 'xy')
  b.count('rows', 'kx', 'y')
  expect(differing(a.byName, b.byName)).toEqual(['rows'])
})
