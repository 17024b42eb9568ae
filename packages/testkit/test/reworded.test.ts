// What counts as the same command in other words: an order of a set that does not change what is stored.

import type { Json } from '@selfsame/core'
import { expect, test } from 'vitest'
import { reworded } from '../src/runs/reworded.js'

const emailsOf = (emails: ReadonlyArray<Json>): unknown => {
  const again = reworded({ type: 'SaveUser', target: { userId: 'a' }, user: { emails } })
  return JSON.parse(JSON.stringify(again)).user.emails
}

test('a set comes in another order, with what is given twice', () => {
  expect(emailsOf(['a@example.com', 'b@example.com', 'a@example.com', null])).toEqual([
    null,
    'a@example.com',
    'b@example.com',
    'a@example.com',
  ])
})

test('of two casings of one email the first one stays the first: it is the one that is kept', () => {
  const casings = ['b@example.com', 'Ann@exämple.com', 'ANN@EXA\u0308MPLE.COM']
  expect(emailsOf(casings)).toEqual(casings)
})
