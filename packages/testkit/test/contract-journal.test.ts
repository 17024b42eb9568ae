// What a journal under a store may do wrong: hold no log, or fail.

import { type JournalLine, journaledStore, openEngine, type Store } from '@selfsame/core'
import { countingIds, fixedClock } from '@selfsame/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'

const create = (phone: string) => ({ type: 'CreateUser', userIdentity: { phones: [phone] } })

interface Kept {
  lines: ReadonlyArray<JournalLine>
  isFull: boolean
}

const openOver = (kept: Kept) =>
  journaledStore({
    clock: fixedClock(),
    digest: (text) => `${text.length}`,
    journal: {
      lines: () => kept.lines,
      add: (line) => {
        if (kept.isFull) throw new Error('no space left on device')
        kept.lines = [...kept.lines, line]
      },
      replace: (lines) => {
        if (kept.isFull) throw new Error('no space left on device')
        kept.lines = lines
      },
    },
  })

const opened = (kept: Kept): Store => {
  const store = openOver(kept)
  if (E.isLeft(store)) throw new Error(store.left.message)
  return store.right
}

const idSource = countingIds()
const execute = (store: Store, command: unknown) =>
  openEngine({ store, idSource }).execute(command)()

describe('a store over a journal', () => {
  it('is not opened where an event is missing, twice or unreadable', async () => {
    const kept: Kept = { lines: [], isFull: false }
    const store = opened(kept)
    await execute(store, create('48600700800'))
    const [line] = kept.lines
    if (line === undefined) throw new Error('nothing was kept')
    const [first, ...others] = line.events
    if (first === undefined) throw new Error('no event was kept')
    const wrong: ReadonlyArray<readonly [JournalLine, RegExp]> = [
      [{ ...line, events: others }, /position 1/],
      [{ ...line, events: [first, first, ...others] }, /position 2/],
      [{ ...line, events: [{ ...first, type: 'UserForgotten' }, ...others] }, /UserForgotten/],
    ]
    for (const [lines, message] of wrong)
      expect(openOver({ lines: [lines], isFull: false })).toEqual(
        E.left(
          expect.objectContaining({ kind: 'corrupt', message: expect.stringMatching(message) }),
        ),
      )
    expect(E.isRight(openOver({ lines: [line], isFull: false }))).toBe(true)
  })

  it('answers nothing more once its journal failed, and goes on when it is opened again', async () => {
    const kept: Kept = { lines: [], isFull: false }
    const store = opened(kept)
    await execute(store, create('48600700800'))
    kept.isFull = true
    const full = E.left(
      expect.objectContaining({ kind: 'io', message: expect.stringContaining('no space left') }),
    )
    expect(await execute(store, create('48600700801'))).toEqual(full)
    kept.isFull = false
    expect(await execute(store, create('48600700802'))).toEqual(full)
    expect(await store.users(null, 10)()).toEqual(full)
    const again = opened(kept)
    expect(await execute(again, create('48600700802'))).toMatchObject({ right: { ok: true } })
    const users = await again.users(null, 10)()
    expect(E.isRight(users) && users.right.directory.users.size).toBe(2)
  })
})
