// Commands given at once are equal to some serial order, whatever the order of the steps of the store;
// and where a store loses an update between two of them, a schedule finds it.

import type { Json, WorkItem } from '@selfsame/core'
import {
  type BrokenLaw,
  diskStore,
  type OpenScheduled,
  type Result,
  scheduleProperty,
  storeProperties,
} from '@selfsame/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { type Call, placed } from '../src/schedules/calls.js'
import { openMemory } from './memory.js'

const isLong = process.env.SELFSAME_LONG !== undefined
const given = Number(process.env.SELFSAME_SEED)
const seed = Number.isInteger(given) && given !== 0 ? given : isLong ? Date.now() % 2 ** 31 : 4
const runs = isLong ? 3000 : 60
const timeout = isLong ? 3_600_000 : 120_000

const stores: Readonly<Record<string, OpenScheduled>> = {
  memory: (clock) => openMemory(clock),
  disk: (clock, turn) => diskStore().newDisk().open(clock, turn),
}

describe.each(Object.entries(stores))('on the store %s', (name, open) => {
  const property = scheduleProperty({ open })
  it(property.name, { timeout }, async () => {
    const start = Date.now()
    const checked = await property.check({ runs, seed })
    console.info(
      `schedules on ${name}, seed ${checked.seed}: ${checked.sequences} schedules, ` +
        `${checked.commands} commands, ${((Date.now() - start) / 1000).toFixed(1)} s`,
    )
    expect(checked.sequences).toBe(runs)
  })
})

it('a plan that changes nothing, executed twice, was decided once: the second is not ordered by it', () => {
  const plan = { type: 'Plan', command: { type: 'SaveInstallation' }, seed: 'a' }
  const receipt = (position: number) =>
    ({ _tag: 'Receipt', receipt: { ok: true, position, events: [] } }) as unknown as Result
  const call = (command: Json, start: number, position: number): Call => ({
    client: 0,
    command,
    seed: undefined,
    start,
    end: start + 1,
    result: receipt(position),
  })
  const [first, other, again] = [
    call(plan, 1, 3),
    call({ type: 'SetPrimary' }, 3, 5),
    call(plan, 5, 3),
  ]
  expect(placed([first, other, again])).toEqual({ inLog: [first, other], floating: [again] })
})

/** Reads its slice, awaits, and writes what it decides by that slice, whatever was written meanwhile. */
const lostUpdate: OpenScheduled = async (clock, turn) => {
  const store = await openMemory(clock)
  return {
    ...store,
    transact: (items) => async () => {
      const outcomes = []
      for (const item of items) {
        const seen = await store.load(item.roots, item.next)()
        await turn('the write of what was decided')
        const decide: WorkItem['decide'] = (slice, at) =>
          item.decide(E.isRight(seen) ? seen.right.directory : slice, at)
        outcomes.push(...(await store.transact([{ ...item, decide }])()))
      }
      return outcomes
    },
  }
}

const findIn = async (open: OpenScheduled): Promise<BrokenLaw> => {
  try {
    await scheduleProperty({ open }).check({ runs: 200, seed })
  } catch (error) {
    return error as BrokenLaw
  }
  throw new Error('the planted bug is not found')
}

describe('an update that is lost between reading and writing', () => {
  it('is found by a schedule', { timeout: 60_000 }, async () => {
    const start = Date.now()
    const { seed: found, path, message, violations } = await findIn(lostUpdate)
    const seconds = ((Date.now() - start) / 1000).toFixed(1)
    const first = violations[0]?.message.split('\n')[0]
    console.info(`| an update is lost | 12 | ${found}, "${path}" | ${seconds} |\n${first}`)
    expect(violations.map(({ invariant }) => invariant)).toContain(12)
    expect(first).toMatch(/in the order of the log it gives|no place in the order/)
    // Who was under way together stands in the message.
    expect(message).toContain('    client 1, ')
    expect(message).toContain(`run it again with { seed: ${seed}, path: "${path}" }`)
  })

  it('shows to nobody who asks alone', { timeout: 60_000 }, async () => {
    const [property] = storeProperties({ open: (clock) => lostUpdate(clock, async () => {}) })
    expect((await property?.check({ runs: 10, seed }))?.sequences).toBe(10)
  })
})
