// Promises about appends under a condition: the dynamic consistency boundary of dcb.events.

import type { AppendCondition, Appended, Conflict, Failure, OwnFact } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { answer, holds, refusal, same, shown } from './broken.js'
import { append, fact } from './items.js'
import { isMeant, queries, recordMany, sightOf } from './reading.js'
import { type PortPromise, readLog, type Stage } from './stage.js'
import { accept, story } from './story.js'

const appendIf = (
  { store, newSeed }: Stage,
  facts: ReadonlyArray<OwnFact>,
  condition: AppendCondition,
): Promise<E.Either<Conflict | Failure, Appended>> =>
  store.log.append(facts, newSeed(), condition)()

const told = (result: E.Either<Conflict | Failure, Appended>): string =>
  E.isRight(result) ? `appended at ${result.right.position}` : result.left._tag

/** Expects a conflict that names one of these positions. */
const expectConflict = (
  done: string,
  result: E.Either<Conflict | Failure, Appended>,
  standing: ReadonlyArray<number>,
): void => {
  const expected = `a Conflict at one of the positions ${shown(standing)}`
  const left = refusal(done, expected, result)
  holds(done, left._tag === 'Conflict' && standing.includes(left.position), expected, left)
}

/** Tries a condition, and holds the answer to what the whole log says. */
const tryCondition = async (stage: Stage, condition: AppendCondition): Promise<void> => {
  const log = await readLog(stage.store)
  const { failIfEventsMatch, after = 0 } = condition
  const standing = log
    .filter((event) => event.position > after && isMeant(failIfEventsMatch, sightOf(event)))
    .map(({ position }) => position)
  const facts = [fact('shop.Taken', [`seat:${log.length}`]), fact('shop.Paid')]
  const done = `append under ${JSON.stringify(condition)} to a log of ${log.length}`
  const result = await appendIf(stage, facts, condition)
  if (standing.length > 0) {
    expectConflict(done, result, standing)
    same(`the events after the refused ${done}`, (await readLog(stage.store)).length, log.length)
  } else same(done, told(result), `appended at ${log.length + 2}`)
}

export const conditionPromises: ReadonlyArray<PortPromise> = [
  {
    promise: 'an append is refused where a matching event stands after the position',
    check: async (stage) => {
      await append(stage.store, stage.newSeed(), [fact('shop.A', ['x']), fact('shop.B', ['y'])])
      for (const after of [0, 1])
        expectConflict(
          `append if no event with y stands after ${after}; one stands at 2`,
          await appendIf(stage, [fact('shop.A')], { failIfEventsMatch: [{ tags: ['y'] }], after }),
          [2],
        )
    },
  },
  {
    promise: 'an append goes through where no matching event stands after the position',
    check: async (stage) => {
      await append(stage.store, stage.newSeed(), [fact('shop.A', ['x']), fact('shop.B', ['y'])])
      same(
        'append if no event with y stands after 2; one stands at 2 itself',
        told(
          await appendIf(stage, [fact('shop.A')], {
            failIfEventsMatch: [{ tags: ['y'] }],
            after: 2,
          }),
        ),
        'appended at 3',
      )
    },
  },
  {
    promise: 'a condition without a position looks at the whole log',
    check: async (stage) => {
      const once = { failIfEventsMatch: [{ tags: ['order:1'] }] }
      const order = [fact('shop.OrderPlaced', ['order:1'])]
      same(
        'the first append of an order',
        told(await appendIf(stage, order, once)),
        'appended at 1',
      )
      await append(stage.store, stage.newSeed(), [fact('shop.Other')])
      expectConflict('the same order appended again', await appendIf(stage, order, once), [1])
    },
  },
  {
    promise:
      'a condition means the same events as a read: none of its items all, no types every type',
    check: async (stage) => {
      const { length } = await recordMany(stage)
      for (const failIfEventsMatch of queries) {
        await tryCondition(stage, { failIfEventsMatch })
        for (const after of [0, 3, length - 1])
          await tryCondition(stage, { failIfEventsMatch, after })
        const head = (await readLog(stage.store)).length
        await tryCondition(stage, { failIfEventsMatch, after: head - 1 })
        await tryCondition(stage, { failIfEventsMatch, after: head })
      }
    },
  },
  {
    promise: 'a condition sees Selfsame’s own events, by their types and derived tags',
    check: async (stage) => {
      await accept(stage.engine(), story)
      const log = await readLog(stage.store)
      const merged = log.filter(({ type }) => type === 'UsersMerged')
      const tag = merged
        .flatMap((event) => sightOf(event).tags)
        .find((one) => one.startsWith('user:'))
      await tryCondition(stage, { failIfEventsMatch: [{ types: ['UsersMerged'] }] })
      await tryCondition(stage, {
        failIfEventsMatch: [{ types: ['UsersMerged'], tags: [tag ?? ''] }],
      })
      await tryCondition(stage, {
        failIfEventsMatch: [{ types: ['UsersMerged'] }],
        after: merged.at(-1)?.position ?? 0,
      })
    },
  },
  {
    promise: 'an append is all of its facts or none of them',
    check: async (stage) => {
      const { store, newSeed } = stage
      const facts = ['a', 'b', 'c'].map((name) => fact(`shop.${name}`, ['one']))
      const appended = answer(
        'three facts are appended',
        await store.log.append(facts, newSeed())(),
      )
      same('what the append answers', appended.position, 3)
      same('log.read([], {}) after it', await readLog(store), appended.events)
      expectConflict(
        'three facts more, under a condition that does not hold',
        await appendIf(stage, facts, { failIfEventsMatch: [{ tags: ['one'] }] }),
        [1, 2, 3],
      )
      same('log.read([], {}) after that', await readLog(store), appended.events)
    },
  },
  {
    promise: 'of appends that come together under one condition, one goes through',
    check: async (stage) => {
      for (let round = 0; round < 5; round += 1) {
        const tags = [`seat:${round}`]
        const after = (await readLog(stage.store)).length
        const results = await Promise.all(
          Array.from({ length: 8 }, () =>
            appendIf(stage, [fact('shop.SeatTaken', tags)], {
              failIfEventsMatch: [{ tags }],
              after,
            }),
          ),
        )
        same(`eight appends at once if nobody has taken ${tags[0]}`, results.map(told).sort(), [
          ...Array.from({ length: 7 }, () => 'Conflict'),
          `appended at ${after + 1}`,
        ])
        same(`the events of ${tags[0]}`, (await readLog(stage.store, [{ tags }])).length, 1)
      }
    },
  },
]
