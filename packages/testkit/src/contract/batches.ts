// Promises about a batch of commands: in order, each recorded or refused alone, whatever one of them
// throws.

import type { Directory, Key, Outcome, Store, WorkItem } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { holds, isFailure, same } from './broken.js'
import { defining, definitionOf, fact, namesIn, namesOf, toldOf } from './items.js'
import { type PortPromise, readAll, readLog, type Stage } from './stage.js'

const bug = (): never => {
  throw new Error('a bug that the contract planted')
}

/** Past this many rounds a store is taken to ask for ever. */
const roundsMax = 1000

/** An item that always needs one more key. `asked` counts how often it was asked. */
const endless = (seed: string): { readonly item: WorkItem; readonly asked: () => number } => {
  let asked = 0
  const next = (): ReadonlyArray<Key> => {
    asked += 1
    return asked > roundsMax ? [] : [definitionOf(`key-${asked}`)]
  }
  return { item: defining(seed, ['endless'], { next }), asked: () => asked }
}

/** Holds the log to what the outcomes say: events of each where it says they are, and no others. */
const expectLogOf = async (
  done: string,
  store: Store,
  outcomes: ReadonlyArray<E.Either<unknown, Outcome>>,
): Promise<void> => {
  const told = outcomes.flatMap((outcome) =>
    E.isRight(outcome) && outcome.right._tag === 'Recorded' ? [outcome.right] : [],
  )
  same(
    `read([], {}) after ${done}`,
    await readAll(store),
    told.flatMap(({ decision }) => decision.events),
  )
  for (const { decision, position } of told)
    if (decision.events.length > 0)
      same(`the position of an outcome of ${done}`, position, decision.events.at(-1)?.position)
}

/** Three items, of which the second breaks. */
const breaking = async ({ store, newSeed }: Stage, how: string, broken: Partial<WorkItem>) => {
  const done = `a batch of three, of which the second ${how}`
  const outcomes = await store.transact([
    defining(newSeed(), ['a']),
    defining(newSeed(), ['b'], broken),
    defining(newSeed(), ['c']),
  ])()
  isFailure(`${done}: its outcome`, outcomes[1] ?? E.right('no outcome'))
  same(
    `${done}: its neighbours`,
    [toldOf(outcomes[0]), toldOf(outcomes[2])],
    ['Recorded at 1', 'Recorded at 2'],
  )
  await expectLogOf(done, store, outcomes)
  const alone = await store.transact([defining(newSeed(), ['d'], broken)])()
  isFailure(`one item alone that ${how}`, alone[0] ?? E.right('no outcome'))
  same(`read([], {}) after one item that ${how}`, (await readAll(store)).length, 2)
}

export const batchPromises: ReadonlyArray<PortPromise> = [
  {
    promise: 'items of a batch are decided in order, each seeing the ones before it',
    check: async ({ store, newSeed }) => {
      const seen: string[] = []
      const names = ['a', 'b', 'c', 'd']
      const item = (name: string): WorkItem => {
        const plain = defining(newSeed(), [name], { roots: names.map(definitionOf) })
        return {
          ...plain,
          decide: (slice, at) => {
            seen.push(`${name} sees ${namesOf(slice).join(' ') || 'nothing'} at ${at.head}`)
            return plain.decide(slice, at)
          },
        }
      }
      await store.transact(names.map(item))()
      // A group that failed may be decided again, so only the last time counts.
      same('four items in a batch', seen.slice(-4), [
        'a sees nothing at 0',
        'b sees a at 1',
        'c sees a b at 2',
        'd sees a b c at 3',
      ])
    },
  },
  {
    promise: 'each item of a batch is recorded or refused alone',
    check: async ({ store, newSeed }) => {
      const items = [['a'], ['b', 'a'], ['b', 'c'], [], ['c'], ['d']]
      const outcomes = await store.transact(items.map((names) => defining(newSeed(), names)))()
      same('a batch, of which two define what is defined', outcomes.map(toldOf), [
        'Recorded at 1',
        'Refused ATTRIBUTE_CONFLICT',
        'Recorded at 3',
        'Recorded at 3',
        'Refused ATTRIBUTE_CONFLICT',
        'Recorded at 4',
      ])
      await expectLogOf('that batch', store, outcomes)
    },
  },
  {
    promise: 'an item whose decide throws is a failure, and takes no neighbour along',
    check: (stage) => breaking(stage, 'throws while it is decided', { decide: bug }),
  },
  {
    promise: 'an item whose next throws is a failure, and takes no neighbour along',
    check: (stage) => breaking(stage, 'throws while its slice is loaded', { next: bug }),
  },
  {
    promise: 'an item that needs one more key for ever is a failure after a few rounds',
    check: async ({ store, newSeed }) => {
      const { item, asked } = endless(newSeed())
      const outcomes = await store.transact([
        defining(newSeed(), ['a']),
        item,
        defining(newSeed(), ['c']),
      ])()
      const done = 'an item whose next always names a new key'
      holds(done, asked() <= roundsMax, 'that it is asked a few times', `asked ${asked()} times`)
      isFailure(done, outcomes[1] ?? E.right('no outcome'))
      same(`${done}: its neighbours`, namesIn(await readAll(store)), ['a', 'c'])
    },
  },
  {
    promise: 'load answers a failure where its next throws or never ends',
    check: async ({ store, newSeed }) => {
      isFailure('load with a next that throws', await store.load([definitionOf('a')], bug)())
      const { item, asked } = endless(newSeed())
      isFailure('load with a next that always names a new key', await store.load([], item.next)())
      holds('load with such a next', asked() <= roundsMax, 'a few rounds', `asked ${asked()} times`)
    },
  },
  {
    promise: 'nothing is done before an answer is run, and each run does it again',
    check: async ({ store, newSeed }) => {
      const seed = newSeed()
      const writing = store.transact([defining(newSeed(), ['a'])])
      const appending = store.log.append([fact('shop.A')], seed)
      same('a transact and an append that are not run', await readLog(store), [])
      const twice = [await writing(), await writing()].map(([outcome]) => toldOf(outcome))
      same('a transact that is run twice', twice, ['Recorded at 1', 'Refused ATTRIBUTE_CONFLICT'])
      await appending()
      await appending()
      const positions = (await readLog(store)).map(({ position }) => position)
      same('an append that is run twice after it', positions, [1, 2, 3])
      same('a batch without items', await store.transact([])(), [])
    },
  },
  {
    promise: 'a batch of a thousand is answered item by item, in its order',
    check: async ({ store, newSeed }) => {
      const names = Array.from({ length: 1000 }, (_, i) => `name-${i}`)
      const outcomes = await store.transact(names.map((name) => defining(newSeed(), [name])))()
      same(
        'a batch of a thousand',
        outcomes.map(toldOf),
        names.map((_, i) => `Recorded at ${i + 1}`),
      )
      same('read([], {}) after it', namesIn(await readAll(store)), names)
    },
  },
  {
    promise: 'batches that come together are all recorded, each in one piece of order',
    check: async ({ store, newSeed }) => {
      const batches = Array.from({ length: 20 }, (_, i) => [`${i}-first`, `${i}-second`])
      const outcomes = await Promise.all(
        batches.map((names) => store.transact(names.map((name) => defining(newSeed(), [name])))()),
      )
      const told = outcomes.flat()
      same(
        'twenty batches of two at once: their positions',
        told
          .map(toldOf)
          .map((one) => Number(one.split(' ').at(-1)))
          .sort((a, b) => a - b),
        told.map((_, i) => i + 1),
      )
      const recorded = namesIn(await readAll(store))
      same(
        'twenty batches of two at once: what is in the log',
        [...recorded].sort(),
        batches.flat().sort(),
      )
      for (const [first = '', second = ''] of batches)
        holds(
          'twenty batches of two at once',
          recorded.indexOf(first) < recorded.indexOf(second),
          `${first} before ${second}`,
          recorded,
        )
    },
  },
  {
    promise: 'an outcome is given only when what it tells can be read',
    check: async ({ store, newSeed }) => {
      await Promise.all(
        Array.from({ length: 10 }, async (_, i) => {
          const name = `name-${i}`
          const [outcome] = await store.transact([defining(newSeed(), [name])])()
          const slice = await store.load([definitionOf(name)], () => [])()
          const read = namesIn(await readAll(store))
          holds(
            `${toldOf(outcome)} is answered for ${name}`,
            read.includes(name) && E.isRight(slice) && has(slice.right.directory, name),
            `${name} in read and in load`,
            { read, load: slice },
          )
        }),
      )
    },
  },
]

const has = (directory: Directory, name: string): boolean => namesOf(directory).includes(name)
