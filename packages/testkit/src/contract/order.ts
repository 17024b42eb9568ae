// Promises about the order of a log: positions, time, and that an event reads as it was recorded.

import { instantFromMillis, type LogEvent, nthId, type OwnFact } from '@selfsame/core'
import { holds, same } from './broken.js'
import { append, commandIdOf, defining, fact, namesIn, outcomeOf, toldOf } from './items.js'
import { type PortPromise, readAll, readLog, type Stage } from './stage.js'

/** Events by commands and by an embedder, one after another. */
const recordSome = async ({ store, newSeed, turn }: Stage): Promise<ReadonlyArray<string>> => {
  const told: string[] = []
  const define = async (names: ReadonlyArray<string>): Promise<void> => {
    const outcomes = await store.transact([defining(newSeed(), names)])()
    told.push(toldOf(outcomes[0]))
  }
  await define(['a', 'b'])
  await define(['a'])
  turn(5)
  told.push(`Appended at ${await append(store, newSeed(), [fact('shop.A'), fact('shop.B')])}`)
  await define([])
  turn(-60_000)
  await define(['c'])
  told.push(`Appended at ${await append(store, newSeed(), [fact('shop.A')])}`)
  return told
}

const expectPositions = (done: string, events: ReadonlyArray<LogEvent>): void =>
  same(
    done,
    events.map(({ position }) => position),
    events.map((_, i) => i + 1),
  )

const expectTimes = (done: string, events: ReadonlyArray<LogEvent>): void =>
  events.forEach(({ recordedAt }, i) => {
    const before = events[i - 1]?.recordedAt ?? recordedAt
    holds(`${done}, at position ${i + 1}`, recordedAt >= before, `${before} or later`, recordedAt)
  })

const hostile: ReadonlyArray<OwnFact> = [
  fact('shop.Empty'),
  {
    ...fact(
      'shop.Large',
      Array.from({ length: 100 }, (_, i) => `${'tag'.repeat(80)}:${i}`),
    ),
    payload: { text: 'ż'.repeat(40_000) },
    actor: commandIdOf('an-actor'),
    correlationId: commandIdOf('a:correlation'),
    causationId: commandIdOf('a.cause'),
    occurredAt: instantFromMillis(-62_135_596_800_000),
  },
  {
    ...fact('shop.Hostile', ['Ł', 'order:1', "it's", '100%', 'a"b', '😀'], {
      text: 'e\u0301 and \u00e9, \u0000, "quoted", 😀, a line\nand \u2028 another',
      numbers: [0, -1, 1.5, 1e21, 2 ** 53 - 1, 1e-7],
      deep: [[[{ a: [null, true, false, {}] }]]],
      '': 'a key without a name',
      ['__proto__']: 'no prototype',
      constructor: 'no constructor',
    }),
  },
]

export const orderPromises: ReadonlyArray<PortPromise> = [
  {
    promise: 'positions are 1, 2, 3 ... without a gap, in the order of recording',
    check: async (stage) => {
      const told = await recordSome(stage)
      same('items and facts are recorded one after another', told, [
        'Recorded at 2',
        'Refused ATTRIBUTE_CONFLICT',
        'Appended at 4',
        'Recorded at 4',
        'Recorded at 5',
        'Appended at 6',
      ])
      const events = await readLog(stage.store)
      expectPositions('log.read([], {}) after it', events)
      same(
        'log.read([], {}) after it',
        events.map(({ type }) => type),
        ['AttributeDefined', 'AttributeDefined', 'shop.A', 'shop.B', 'AttributeDefined', 'shop.A'],
      )
    },
  },
  {
    promise: 'recordedAt never decreases, though the clock jumps back',
    check: async (stage) => {
      const { store, newSeed, turn } = stage
      await recordSome(stage)
      turn(-86_400_000)
      await append(store, newSeed(), [fact('shop.Late')])
      await outcomeOf('an item after the clock jumped back', store, defining(newSeed(), ['late']))
      expectTimes('the clock jumps back a day between records', await readLog(store))
    },
  },
  {
    promise: 'an event is recorded at the time of its clock, where that has gone on',
    check: async ({ store, newSeed, turn, clock }) => {
      const times: string[] = []
      for (const name of ['a', 'b', 'c']) {
        turn(1000)
        times.push(new Date(clock()).toISOString())
        await outcomeOf(`${name} is defined`, store, defining(newSeed(), [name]))
      }
      const events = await readAll(store)
      same(
        'three items, a second apart',
        events.map(({ recordedAt }) => recordedAt),
        times,
      )
    },
  },
  {
    promise: 'an event reads as it was recorded, every field and every character of it',
    check: async ({ store, newSeed, clock }) => {
      const seed = newSeed()
      const appended = await store.log.append(hostile, seed)()
      const outcome = await outcomeOf(
        'a is defined',
        store,
        defining(newSeed(), ['a', '__proto__']),
      )
      const decided = outcome._tag === 'Recorded' ? outcome.decision.events : []
      const own = appended._tag === 'Right' ? appended.right.events : []
      same(
        'facts with hostile payloads are appended',
        own.map(({ id, type, tags, payload, actor, correlationId, causationId, occurredAt }) => ({
          ...{ id, type, tags, payload, actor, correlationId, causationId, occurredAt },
        })),
        hostile.map((one, i) => ({
          id: nthId(seed, i),
          actor: null,
          correlationId: null,
          causationId: null,
          occurredAt: instantFromMillis(clock()),
          ...one,
        })),
      )
      same('log.read([], {}) of what was recorded', await readLog(store), [...own, ...decided])
      same('read([], {}) of what was recorded', await readAll(store), decided)
      same('the names defined', namesIn(decided), ['a', '__proto__'])
    },
  },
  {
    promise: 'after it was opened again, a store has the same log, and its order goes on',
    needs: ['reopen'],
    check: async (stage) => {
      await recordSome(stage)
      await append(stage.store, stage.newSeed(), hostile)
      const before = await readLog(stage.store)
      const store = await stage.reopened()
      same('log.read([], {}) after opening again', await readLog(store), before)
      stage.turn(-86_400_000)
      same(
        'an append after opening again',
        await append(store, stage.newSeed(), [fact('shop.After')]),
        before.length + 1,
      )
      const after = await readLog(store)
      expectPositions('log.read([], {}) after that append', after)
      expectTimes('the clock jumps back a day while the store is closed', after)
    },
  },
]
