// Promises of a store that several openings share: two processes over one file, two servers over one
// database.

import type { Json, Store } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { answer, holds, same } from './broken.js'
import {
  append,
  defining,
  definitionOf,
  fact,
  namesIn,
  namesOf,
  toldOf,
  transactOne,
  under,
} from './items.js'
import { expectRebuilt, expectRows } from './projections.js'
import { type PortPromise, readAll, readLog, type Stage } from './stage.js'
import { accept, erasure, story } from './story.js'

const both = async (stage: Stage): Promise<readonly [Store, Store]> => [
  stage.store,
  await stage.second(),
]

export const sharedPromises: ReadonlyArray<PortPromise> = [
  {
    promise: 'two stores on one log lose no append and give no position twice',
    needs: ['openSecond'],
    check: async (stage) => {
      const stores = await both(stage)
      const outcomes = await Promise.all(
        Array.from({ length: 40 }, (_, i) => {
          const store = stores[i % 2] ?? stage.store
          return i % 4 < 2
            ? transactOne(store, defining(stage.newSeed(), [`n${i}`])).then(toldOf)
            : append(store, stage.newSeed(), [fact('shop.A', [`n${i}`])]).then((at) => `at ${at}`)
        }),
      )
      same(
        'forty writes through two stores at once: their positions',
        outcomes.map((one) => Number(one.split(' ').at(-1))).sort((a, b) => a - b),
        outcomes.map((_, i) => i + 1),
      )
      for (const store of stores) {
        const log = await readLog(store)
        same(
          'log.read([], {}) of either store',
          log.map(({ position }) => position),
          log.map((_, i) => i + 1),
        )
        const written = log.flatMap((event) => ('tags' in event ? event.tags : namesIn([event])))
        same(
          'what is in the log of either store',
          [...written].sort(),
          outcomes.map((_, i) => `n${i}`).sort(),
        )
        await expectRebuilt('of either store', store)
      }
    },
  },
  {
    promise: 'what one store has answered, another on the same log sees',
    needs: ['openSecond'],
    check: async (stage) => {
      const [one, other] = await both(stage)
      for (let i = 0; i < 10; i += 1) {
        const [writer, reader] = i % 2 === 0 ? [one, other] : [other, one]
        const name = `n${i}`
        await transactOne(writer, defining(stage.newSeed(), [name]))
        await append(writer, stage.newSeed(), [fact('shop.A', [name])])
        same('what the other reads', namesIn(await readAll(reader)).at(-1), name)
        same('what the other finds by a tag', (await readLog(reader, [{ tags: [name] }])).length, 1)
        const loaded = answer('load', await reader.load([definitionOf(name)], () => [])())
        same('what the other loads', namesOf(loaded.directory), [name])
        same('the head that the other loads', loaded.head, 2 * (i + 1))
        same(
          'what the other decides by',
          toldOf(await transactOne(reader, defining(stage.newSeed(), [name]))),
          'Refused ATTRIBUTE_CONFLICT',
        )
      }
    },
  },
  {
    promise: 'a command id is done once, through whichever store on the log it is given',
    needs: ['openSecond'],
    check: async (stage) => {
      const stores = await both(stage)
      for (let round = 0; round < 10; round += 1) {
        const outcomes = await Promise.all(
          stores.map((store) =>
            transactOne(store, under(`id-${round}`, stage.newSeed(), [`n-${stage.newSeed()}`])),
          ),
        )
        same('one command id through two stores at once', outcomes.map(toldOf).sort(), [
          `Recorded at ${round + 1}`,
          `Repeated at ${round + 1}`,
        ])
      }
    },
  },
  {
    promise: 'a condition holds against what another store on the log appends',
    needs: ['openSecond'],
    check: async (stage) => {
      const stores = await both(stage)
      for (let round = 0; round < 10; round += 1) {
        const tags = [`seat:${round}`]
        const condition = { failIfEventsMatch: [{ tags }], after: round }
        const results = await Promise.all(
          stores.map((store) =>
            store.log.append([fact('shop.SeatTaken', tags)], stage.newSeed(), condition)(),
          ),
        )
        same(
          'one condition through two stores at once',
          results.map((one) => (E.isRight(one) ? 'appended' : one.left._tag)).sort(),
          ['Conflict', 'appended'],
        )
      }
    },
  },
  {
    promise: 'an identity goes to one user, through whichever store on the log it is given',
    needs: ['openSecond'],
    check: async (stage) => {
      const engines = (await both(stage)).map((store) => stage.engine(store))
      for (let round = 0; round < 10; round += 1) {
        const create: Json = {
          type: 'CreateUser',
          userIdentity: { phones: [`4860070${1000 + round}`] },
        }
        const results = await Promise.all(engines.map((engine) => engine.execute(create)()))
        const told = results.map((one) =>
          E.isRight(one) ? 'ok' : 'error' in one.left ? one.left.error.code : one.left.message,
        )
        same('one phone for two users at once', told.sort(), ['USER_MERGE_INTERRUPTED', 'ok'])
      }
      await expectRows('after two stores wrote', stage.store)
    },
  },
  {
    promise: 'what one store erases, another on the same log shows no more',
    needs: ['openSecond'],
    check: async (stage) => {
      const [one, other] = await both(stage)
      await accept(stage.engine(one), story)
      holds(
        'read of the other',
        (await readText(other)).includes('Annabel'),
        'Annabel',
        'no Annabel',
      )
      await accept(stage.engine(one), [erasure])
      for (const store of [one, other]) {
        const text = await readText(store)
        holds('read after an erasure', !text.includes('Annabel'), 'no Annabel', 'Annabel')
        await expectRows('after an erasure', store)
      }
      for (const text of ['a', '48600700801'])
        same(
          'the digest of one text by two stores on one log',
          other.digest(text),
          one.digest(text),
        )
    },
  },
]

const readText = async (store: Store): Promise<string> => {
  const page = answer('users', await store.users(null, 100)())
  return JSON.stringify([await readAll(store), [...page.directory.users]])
}
