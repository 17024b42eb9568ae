// Promises about a store that stops in the middle: killed at any moment, or failing at any step of
// what it writes. What was answered stands, and of a command all is recorded or nothing.

import { type Json, type LogEvent, openEngine, type Store, type WorkItem } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { answer, holds, same } from './broken.js'
import { commandIdOf, fact, toldOf, under } from './items.js'
import { expectRebuilt, expectRows } from './projections.js'
import { type PortPromise, readLog, type Stage } from './stage.js'

/** Does one thing, and tells what of it was answered as done. */
type Act = (store: Store, stage: Stage) => Promise<ReadonlyArray<string>>

const items =
  (...made: ReadonlyArray<readonly [string, ReadonlyArray<string>]>): Act =>
  async (store, { newSeed }) => {
    const outcomes = await store.transact(made.map(([id, names]) => under(id, newSeed(), names)))()
    return made.flatMap(([id], i) => (/^Re(corded|peated)/.test(toldOf(outcomes[i])) ? [id] : []))
  }

const facts =
  (tag: string): Act =>
  async (store, { newSeed }) => {
    const two = [fact('shop.A', [tag]), fact('shop.B', [tag])]
    const once = { failIfEventsMatch: [{ tags: [tag] }] }
    const result = await store.log.append(two, newSeed(), once)()
    return E.isRight(result) || result.left._tag === 'Conflict' ? [tag] : []
  }

const command =
  (commandId: string, given: Readonly<Record<string, Json>>): Act =>
  async (store, { newSeed }) => {
    const engine = openEngine({ store, idSource: newSeed })
    return E.isRight(await engine.execute({ commandId, ...given })()) ? [commandId] : []
  }

const phone = '48600700801'
const secret = 'Zoraida'
const script: ReadonlyArray<Act> = [
  items(['define', ['a', 'b']]),
  items(['batch-1', ['c']], ['refused', ['a']], ['batch-2', []], ['batch-3', ['d', 'e']]),
  facts('append-1'),
  command('create', {
    type: 'CreateUser',
    userIdentity: { phones: [phone] },
    userAttributes: { firstName: secret },
  }),
  command('register', {
    type: 'RegisterInstallation',
    pushRegistrationId: 'i1',
    applicationId: 'shop',
  }),
  items(['later', ['f']]),
  command('erase', { type: 'EraseUser', target: { phone }, reason: 'asked' }),
  facts('append-2'),
]

/** The command that records nothing, and the one after which a value is gone. */
const [idle, secretive] = ['batch-2', 'erase']

/** Commands and appends, in the order of the script. */
const ids = [
  'define',
  'batch-1',
  'batch-2',
  'batch-3',
  'append-1',
  'create',
  'register',
  'later',
  'erase',
  'append-2',
]

/** The events of one command or append. */
const eventsOf = (log: ReadonlyArray<LogEvent>, id: string): ReadonlyArray<LogEvent> =>
  log.filter((event) => event.commandId === id || ('tags' in event && event.tags.includes(id)))

/** Runs the script; a failure ends nothing. */
const play = async (store: Store, stage: Stage, done: Set<string>): Promise<void> => {
  for (const act of script) for (const id of await act(store, stage)) done.add(id)
}

interface Found {
  readonly when: string
  readonly store: Store
  readonly answered: ReadonlySet<string>
  /** How many events each command and append has. */
  readonly sizes: ReadonlyMap<string, number>
}

/** What must be found in a store that was stopped. Tells which commands are recorded. */
const expectWhole = async ({
  when,
  store,
  answered,
  sizes,
}: Found): Promise<ReadonlyArray<string>> => {
  const log = await readLog(store)
  same(
    `positions, ${when}`,
    log.map(({ position }) => position),
    log.map((_, i) => i + 1),
  )
  const there: string[] = []
  for (const id of ids) {
    const events = eventsOf(log, id)
    const size = sizes.get(id) ?? 0
    const must = answered.has(id) ? `its ${size} events: it was answered` : `${size} events or none`
    holds(
      `${id}, ${when}`,
      events.length === size || (events.length === 0 && !answered.has(id)),
      must,
      events.map(({ type, position }) => `${type} at ${position}`),
    )
    if (events.length > 0) there.push(id)
    if (id.startsWith('append')) continue
    const known = answer('remembered', await store.remembered(commandIdOf(id))()) !== null
    if (answered.has(id))
      same(`whether ${id}, which was answered, is remembered, ${when}`, known, true)
    else if (id !== idle) same(`whether ${id} is remembered, ${when}`, known, events.length > 0)
  }
  const others = log.filter((event) => !ids.some((id) => eventsOf([event], id).length > 0))
  same(`events of nobody, ${when}`, others, [])
  await expectRows(when, store)
  await expectRebuilt(when, store)
  if (answered.has(secretive))
    same(
      `whether a value of somebody erased is read, ${when}`,
      JSON.stringify(log).includes(secret),
      false,
    )
  return there
}

/** All of the script given again: what is missing is done now, and nothing twice. */
const expectDoneAgain = async (found: Found, stage: Stage): Promise<void> => {
  const answered = new Set<string>()
  await play(found.store, stage, answered)
  const when = `${found.when}, all commands given again`
  same(`what is answered as done, ${when}`, [...answered].sort(), [...ids].sort())
  await expectWhole({ ...found, when, answered })
}

const sizesOf = async (store: Store): Promise<ReadonlyMap<string, number>> => {
  const log = await readLog(store)
  return new Map(ids.map((id) => [id, eventsOf(log, id).length]))
}

/** A store that tells whenever one of its items is decided. */
const telling = (store: Store, tell: () => void): Store => ({
  ...store,
  transact: (given) =>
    store.transact(
      given.map(
        (item): WorkItem => ({
          ...item,
          decide: (slice, at) => {
            tell()
            return item.decide(slice, at)
          },
        }),
      ),
    ),
})

const stepsMax = 100

export const crashPromises: ReadonlyArray<PortPromise> = [
  {
    promise:
      'after a crash at any moment, what was answered is there, and of a command all or nothing',
    needs: ['crash'],
    check: async (stage) => {
      const done = new Set<string>()
      const copies: Array<
        Omit<Found, 'store' | 'sizes'> & { readonly open: () => Promise<Store> }
      > = []
      const copy = (at: string): void => {
        const when = `after a crash ${at}, ${done.size} commands answered`
        copies.push({ when, answered: new Set(done), open: stage.crash() })
      }
      stage.onStep(() => copy('between two steps'))
      const told = telling(stage.store, () => copy('while a command is decided'))
      for (const act of script) {
        for (const id of await act(told, stage)) done.add(id)
        copy('after an answer')
      }
      stage.onStep(() => {})
      const sizes = await sizesOf(stage.store)
      for (const { open, ...rest } of copies) {
        const found = { ...rest, store: await open(), sizes }
        const there = await expectWhole(found)
        const recorded = ids.filter((id) => id !== idle)
        same(`the order of commands, ${rest.when}`, there, recorded.slice(0, there.length))
        await expectDoneAgain(found, stage)
        await found.store.close()()
      }
    },
  },
  {
    promise:
      'where a step fails, a command is recorded whole or not at all, and what was answered stands',
    needs: ['openInSteps', 'reopen'],
    check: async (stage) => {
      let steps = 0
      const clean = await stage.another(() => {
        steps += 1
      })
      steps = 0
      await play(clean, stage, new Set())
      holds('what is written, step by step', steps > 0, 'that step is called', `${steps} calls`)
      const sizes = await sizesOf(clean)
      for (const isLasting of [false, true])
        for (let failing = 1; failing <= Math.min(steps, stepsMax); failing += 1) {
          let step = 0
          // Opening is over before a step fails, and so is the contract's own part after it.
          let isPlanted = false
          const store = await stage.another(() => {
            step += 1
            if (isPlanted && (step === failing || (isLasting && step > failing)))
              throw new Error(`the step ${step} fails: the contract planted it`)
          })
          const answered = new Set<string>()
          step = 0
          isPlanted = true
          await play(store, stage, answered)
          isPlanted = false
          const when = `after the step ${failing}${isLasting ? ' and all after it' : ''} failed`
          const found = { when, store: await stage.reopenedOf(store), answered, sizes }
          await expectWhole(found)
          await expectDoneAgain(found, stage)
          await found.store.close()()
        }
    },
  },
]
