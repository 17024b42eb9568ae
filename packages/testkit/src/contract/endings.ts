// Promises about digests, and about the end of a store: closing, and opening again.

import type { Store } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { answer, holds, isFailure, same } from './broken.js'
import { append, commandIdOf, defining, definitionOf, fact, outcomeOf, toldOf } from './items.js'
import { expectRebuilt, expectRows } from './projections.js'
import { type PortPromise, readAll, readLog } from './stage.js'
import { accept, erasure, story } from './story.js'

const texts = ['', 'a', 'A', 'a ', '\u00e9', 'e\u0301', '48600700800', 'a'.repeat(5000)]

/** Everything that a store can be asked, as what it answers. */
const askAll = (
  store: Store,
): ReadonlyArray<readonly [string, Promise<E.Either<unknown, unknown>>]> => [
  ['load', store.load([definitionOf('a')], () => [])()],
  ['remembered', store.remembered(commandIdOf('a'))()],
  ['read', store.read([], {})()],
  ['log.read', store.log.read([], {})()],
  ['log.append', store.log.append([fact('shop.Late')], '019b76da-a800-7000-8000-5e1f5a3effff')()],
  ['users', store.users(null, 10)()],
  ['rebuild', store.rebuild()()],
]

export const endingPromises: ReadonlyArray<PortPromise> = [
  {
    promise: 'a digest is always the same for the same text, another for another text',
    check: async ({ store, newSeed }) => {
      const digests = texts.map(store.digest)
      await outcomeOf('a is defined', store, defining(newSeed(), ['a']))
      same('the digests of the same texts, later', texts.map(store.digest), digests)
      same('how many digests eight texts have', new Set(digests).size, texts.length)
    },
  },
  {
    promise: 'a digest is under a key of the store’s own: it tells nothing of the text',
    check: async ({ store, another }) => {
      const other = await another()
      for (const text of texts.slice(1)) {
        const digest = store.digest(text)
        holds(
          'the digest of a text',
          text.length < 3 || !digest.includes(text),
          'the text is not in it',
          { text: text.slice(0, 20), digest: digest.slice(0, 80) },
        )
        holds(
          'one text by two stores',
          digest !== other.digest(text),
          'two digests',
          digest.slice(0, 80),
        )
      }
    },
  },
  {
    promise: 'a digest is the same after opening again',
    needs: ['reopen'],
    check: async ({ store, reopened }) => {
      const digests = texts.map(store.digest)
      same(
        'the digests of the same texts, after opening again',
        texts.map((await reopened()).digest),
        digests,
      )
    },
  },
  {
    promise: 'a store that is closed has answered everything that was asked before',
    check: async ({ store, newSeed }) => {
      const waiting = Array.from({ length: 30 }, (_, i) =>
        i % 3 === 0
          ? store.log
              .append([fact('shop.A')], newSeed())()
              .then(E.map(() => 'appended'))
          : store
              .transact([defining(newSeed(), [`n${i}`])])()
              .then(([one]) => E.right(toldOf(one))),
      )
      const closing = store.close()()
      const answers = await Promise.all(waiting)
      answers.forEach((one, i) => {
        const told = answer(`the append ${i}, asked before close`, one)
        holds(
          `the command ${i}, asked before close`,
          told === 'appended' || told.startsWith('Recorded'),
          'that it is recorded',
          told,
        )
      })
      answer('close()', await closing)
    },
  },
  {
    promise: 'after it was closed, a store answers the Failure closed, and can be closed again',
    check: async ({ store, newSeed }) => {
      await outcomeOf('a is defined', store, defining(newSeed(), ['a']))
      answer('close()', await store.close()())
      const outcomes = await store.transact(['b', 'c'].map((name) => defining(newSeed(), [name])))()
      same('how many outcomes two items have after close()', outcomes.length, 2)
      for (const outcome of outcomes) isFailure('transact after close()', outcome, 'closed')
      for (const [method, asked] of askAll(store))
        isFailure(`${method} after close()`, await asked, 'closed')
      answer('close() once more', await store.close()())
    },
  },
  {
    promise: 'what was closed opens again with the same log and the same rows',
    needs: ['reopen'],
    check: async (stage) => {
      await accept(stage.engine(), [...story, erasure])
      await append(stage.store, stage.newSeed(), [fact('shop.A', ['x'])])
      const before = await readLog(stage.store)
      const store = await stage.reopened()
      same('log.read([], {}) after opening again', await readLog(store), before)
      await expectRows('after opening again', store)
      await expectRebuilt('after opening again', store)
      await outcomeOf('a is defined', store, defining(stage.newSeed(), ['a']))
      same(
        'read([], { after }) after opening again',
        (await readAll(store, [], { after: before.length })).length,
        1,
      )
    },
  },
]
