// Two stores compared: those that are alike, and those that a planted bug sets apart.

import type { JournalLine } from '@selfsame/core'
import { journaledStore } from '@selfsame/core'
import { differential, type OpenStore, type StoresDiffer } from '@selfsame/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it, test } from 'vitest'
import { openMemory } from './memory.js'
import { altered, withEach, without } from './plant.js'

const isLong = process.env.SELFSAME_LONG !== undefined
const commands = isLong ? 20_000 : 500

/** A journal whose lines are JSON, as on a disk. */
const openJournaled: OpenStore = async (clock) => {
  let lines: ReadonlyArray<string> = []
  const text = (line: JournalLine): string => JSON.stringify(line)
  const opened = journaledStore({
    clock,
    digest: (content) => `another digest of ${content.length}: ${content}`,
    journal: {
      lines: () => lines.map((line): JournalLine => JSON.parse(line)),
      add: (line) => {
        lines = [...lines, text(line)]
      },
      replace: (all) => {
        lines = all.map(text)
      },
    },
  })
  if (E.isLeft(opened)) throw new Error(opened.left.message)
  return opened.right
}

describe('two stores under one workload', () => {
  it('are alike, a store in memory and one with a journal', { timeout: 3_600_000 }, async () => {
    const found = await differential({ left: openMemory, right: openJournaled, seed: 7, commands })
    expect(found.commands).toBeGreaterThanOrEqual(commands)
    expect(found.seed).toBe(7)
  })

  const bugs: ReadonlyArray<readonly [string, OpenStore]> = [
    ['a primary that is not unmarked', without((event) => event.type === 'PrimaryCleared')],
    [
      'a device that stays enabled',
      withEach((event) =>
        event.type === 'InstallationRegistered'
          ? { ...event, payload: { ...event.payload, isPushRegistrationEnabled: true } }
          : event,
      ),
    ],
    [
      'a page of users that is one short',
      altered((store) => ({ users: (after, limit) => store.users(after, Math.max(1, limit - 1)) })),
    ],
    [
      'a query that overlooks the newest event',
      altered((store) => ({
        log: {
          ...store.log,
          read: (query, range) => async () => {
            const page = await store.log.read(query, range)()
            if (E.isLeft(page) || query.length === 0) return page
            const { head, events } = page.right
            return E.right({ head, events: events.filter(({ position }) => position < head) })
          },
        },
      })),
    ],
  ]

  test.each(bugs)('differ by %s, at a command that its seed brings back', async (_, right) => {
    const find = async (seed: number, limit: number): Promise<StoresDiffer> =>
      differential({ left: openMemory, right, seed, commands: limit }).then(
        () => Promise.reject(new Error('no difference was found')),
        (error) => error,
      )
    const first = await find(1, 2000)
    const again = await find(first.seed, first.command)
    expect(first.message).toContain(
      `run it again with { seed: ${first.seed}, commands: ${first.command} }`,
    )
    expect(again.message).toBe(first.message)
    expect(first.message).toMatch(
      /\n {2}after the command \d+: .+\n {2}in .+, at .+\n {2}left: .*\n {2}right: /,
    )
  })
})
