// Promises about command ids: what succeeded once is done once, and remembered for ever.

import type { Json, Outcome, Store, WorkItem } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { answer, holds, same } from './broken.js'
import {
  append,
  commandIdOf,
  defining,
  fact,
  outcomeOf,
  taken,
  toldOf,
  transactOne,
  under,
} from './items.js'
import { type PortPromise, readAll, type Stage } from './stage.js'
import { accept, story } from './story.js'

/** An item that must not be decided: its command was remembered before. */
const never = (item: WorkItem, told: (what: string) => void): WorkItem => ({
  ...item,
  decide: (slice, at) => {
    told(`${item.commandId} is decided again`)
    return item.decide(slice, at)
  },
})

/** What a store remembers of an outcome, as it must be answered ever after. */
const rememberedOf = (item: WorkItem, outcome: Outcome): unknown =>
  outcome._tag === 'Recorded'
    ? {
        commandId: item.commandId,
        contentDigest: item.contentDigest,
        position: outcome.position,
        count: outcome.decision.events.length,
        subject: outcome.decision.subject,
      }
    : outcome

interface Done {
  readonly item: WorkItem
  readonly outcome: Outcome
}

const nothing = 'nothing'

/** Commands that were done: one that records two events, and one that records none. */
const doSome = async ({ store, newSeed }: Stage): Promise<ReadonlyArray<Done>> => {
  const done: Done[] = []
  for (const item of [under('first', newSeed(), ['a', 'b']), under(nothing, newSeed(), [])]) {
    const outcome = await outcomeOf(`the command ${item.commandId}`, store, item)
    holds(`the command ${item.commandId}`, outcome._tag === 'Recorded', 'Recorded', outcome)
    done.push({ item, outcome })
  }
  return done
}

/** Gives commands again, and expects what was remembered of them. */
const expectRemembered = async (
  when: string,
  store: Store,
  done: ReadonlyArray<Done>,
): Promise<void> => {
  const { length } = await readAll(store)
  for (const { item, outcome } of done) {
    const again: string[] = []
    const given = `the command ${item.commandId} given again ${when}`
    const repeated = await outcomeOf(
      given,
      store,
      never(item, (what) => again.push(what)),
    )
    same(given, repeated, { _tag: 'Repeated', remembered: rememberedOf(item, outcome) })
    same(`whether ${given} is decided`, again, [])
    same(
      `remembered(${item.commandId}) ${when}`,
      item.commandId === null
        ? null
        : answer('remembered', await store.remembered(item.commandId)()),
      rememberedOf(item, outcome),
    )
  }
  same(`the events ${when}, the commands given again`, (await readAll(store)).length, length)
}

export const commandIdPromises: ReadonlyArray<PortPromise> = [
  {
    promise: 'a command id given again is Repeated, with the position of the first time',
    check: async (stage) => {
      const done = await doSome(stage)
      await expectRemembered('at once', stage.store, done.slice(0, 1))
    },
  },
  {
    promise: 'a command that recorded nothing is remembered too',
    check: async (stage) => {
      const done = await doSome(stage)
      same(
        'the position of a command that recorded nothing',
        done.map(({ outcome }) => toldOf(E.right(outcome))),
        ['Recorded at 2', 'Recorded at 2'],
      )
      await expectRemembered(
        'at once',
        stage.store,
        done.filter(({ item }) => item.commandId === nothing),
      )
    },
  },
  {
    promise: 'a command id is remembered for ever: after other events, and after a rebuild',
    check: async (stage) => {
      const { store, newSeed } = stage
      const done = await doSome(stage)
      await append(store, newSeed(), [fact('shop.A')])
      for (let i = 0; i < 50; i += 1)
        await outcomeOf('another command', store, under(`other-${i}`, newSeed(), [`name-${i}`]))
      await expectRemembered('after fifty others', store, done)
      answer('rebuild()', await store.rebuild()())
      await expectRemembered('after a rebuild', store, done)
    },
  },
  {
    promise: 'a command id is remembered after the store was closed and opened again',
    needs: ['reopen'],
    check: async (stage) => {
      const done = await doSome(stage)
      await expectRemembered('after opening again', await stage.reopened(), done)
    },
  },
  {
    promise: 'a command id given with other content is Repeated with the digest of the first',
    check: async (stage) => {
      const [first] = await doSome(stage)
      const other = under('first', stage.newSeed(), ['z'], { contentDigest: 'other content' })
      const outcome = await outcomeOf('a command id with other content', stage.store, other)
      same('a command id with other content', outcome, {
        _tag: 'Repeated',
        remembered: first === undefined ? null : rememberedOf(first.item, first.outcome),
      })
    },
  },
  {
    promise: 'one command id twice in a batch, or at once, is done once',
    check: async ({ store, newSeed }) => {
      const twice = () => under('twice', newSeed(), [`name-${newSeed()}`])
      const outcomes = await store.transact([twice(), twice()])()
      same('one command id twice in a batch', outcomes.map(toldOf), [
        'Recorded at 1',
        'Repeated at 1',
      ])
      const atOnce = await Promise.all(
        Array.from({ length: 5 }, () =>
          transactOne(store, under('at-once', newSeed(), [`name-${newSeed()}`])),
        ),
      )
      same('one command id five times at once', atOnce.map(toldOf).sort(), [
        'Recorded at 2',
        ...Array.from({ length: 4 }, () => 'Repeated at 2'),
      ])
    },
  },
  {
    promise: 'a command that was refused or failed is not remembered, and records nothing',
    check: async ({ store, newSeed }) => {
      const refused = under('refused', newSeed(), ['a'], { decide: () => E.left(taken('a')) })
      const failing = under('failing', newSeed(), ['b'], {
        decide: () => {
          throw new Error('a bug that the contract planted')
        },
      })
      const batch = [refused, failing]
      const outcomes = await store.transact(batch)()
      same('a command that is refused, and one that fails', outcomes.map(toldOf), [
        'Refused ATTRIBUTE_CONFLICT',
        toldOf(outcomes[1]),
      ])
      same('read([], {}) after them', await readAll(store), [])
      for (const commandId of ['refused', 'failing']) {
        const known = answer('remembered', await store.remembered(commandIdOf(commandId))())
        same(`remembered(${commandId})`, known, null)
      }
      const again = await store.transact([
        under('refused', newSeed(), ['a']),
        under('failing', newSeed(), ['b']),
      ])()
      same('their ids used for commands that succeed', again.map(toldOf), [
        'Recorded at 1',
        'Recorded at 2',
      ])
    },
  },
  {
    promise: 'an id that no command had is not remembered',
    check: async ({ store, newSeed }) => {
      await outcomeOf('a command without an id', store, defining(newSeed(), ['a']))
      await outcomeOf('a command', store, under('one', newSeed(), ['b']))
      for (const id of ['two', 'on', 'ONE', 'one ', ''])
        same(
          `remembered(${JSON.stringify(id)}), after the command one`,
          answer('remembered', await store.remembered(commandIdOf(id))()),
          null,
        )
    },
  },
  {
    promise: 'the same receipt comes back for a command of an engine, also after opening again',
    needs: ['reopen'],
    check: async (stage) => {
      const receipts = await accept(stage.engine(), story)
      const again = async (when: string, store: Store): Promise<void> => {
        for (const [i, command] of story.entries()) {
          if (!hasId(command)) continue
          const [receipt] = await accept(stage.engine(store), [command])
          same(`execute(${JSON.stringify(command)}) ${when}`, receipt, receipts[i])
        }
      }
      await again('given again', stage.store)
      await again('given again after opening again', await stage.reopened())
    },
  },
]

const hasId = (command: Json): boolean =>
  typeof command === 'object' && command !== null && 'commandId' in command
