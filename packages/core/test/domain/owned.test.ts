// What a decision folds its events with, beside immer: the same directory after every event of any
// story, from rows that nobody may write on, and no row made anew that is equal to the one before.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { apply } from '../../src/directory/evolve.js'
import { openOwned } from '../../src/directory/owned.js'
import {
  type Directory,
  differencesBetween,
  emptyDirectory,
  evolve,
  type Recorded,
  rowsOf,
} from '../../src/index.js'
import { equalData } from '../../src/values/json.js'
import {
  createUser,
  depersonalize,
  merge,
  personalize,
  phoneNo,
  register,
  unmerge,
} from '../support/commands.js'
import { type Given, openWorld, propertyTimeout_ms, type World } from '../support/world.js'

const people = 4

interface Step {
  readonly kind: number
  readonly who: number
  readonly other: number
}

/** A command about one or two of a few people; whoever is not there makes it a refusal. */
const commandOf = ({ kind, who, other }: Step, ids: ReadonlyArray<string>): Given => {
  const [device, target] = [`d${who}`, { userId: ids[who % ids.length] ?? 'nobody' }]
  const kinds: ReadonlyArray<Given> = [
    register(device, { device: { deviceName: `n${other}`, pushServiceToken: `t${other}` } }),
    personalize(device, { phones: [phoneNo(other)] }, { setAsPrimary: kind % 2 === 0 }),
    personalize(device, { phones: [phoneNo(other)] }, { forceDepersonalize: true }),
    { type: 'SaveUser', target, user: { firstName: `A${other}`, tags: [`t${other}`, 'x'] } },
    {
      type: 'SaveUser',
      target,
      user: { externalUserId: `e${other}`, customAttributes: { a: who } },
    },
    { type: 'SaveUser', target, user: { phones: [], customAttributes: null } },
    {
      type: 'SaveInstallation',
      pushRegistrationId: device,
      customAttributes: { seat: `s${other}` },
    },
    { type: 'SetPrimary', pushRegistrationId: device, isPrimary: other % 2 === 0 },
    merge([target, { userId: ids[other % ids.length] ?? 'nobody' }], {
      overrides: { firstName: target.userId, externalUserId: ids[other % ids.length] ?? 'nobody' },
    }),
    unmerge(target, ids[other % ids.length] ?? 'nobody'),
    depersonalize(device),
    { type: 'ExpireInstallation', pushRegistrationId: device, reason: 'gone' },
    { type: 'EraseUser', target, reason: 'asked' },
  ]
  return kinds[kind % kinds.length] ?? depersonalize(device)
}

const steps = fc.array(
  fc.record({ kind: fc.nat(25), who: fc.nat(people - 1), other: fc.nat(people - 1) }),
  { minLength: 20, maxLength: 50 },
)

const logOf = async (story: ReadonlyArray<Step>): Promise<ReadonlyArray<Recorded>> => {
  const world: World = openWorld()
  const ids: string[] = []
  for (let n = 0; n < people; n += 1) {
    const receipt = await world.run(register(`d${n}`))
    ids.push(receipt.user?.id ?? '')
  }
  for (const step of story) await world.result(commandOf(step, ids))
  return world.log()
}

const frozen = <A>(value: A): A => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const part of value instanceof Map ? value.values() : Object.values(value)) frozen(part)
  return Object.freeze(value)
}

const owned = (from: Directory, events: ReadonlyArray<Recorded>): Directory => {
  const { draft, close } = openOwned(from)
  for (const event of events) apply(draft, event)
  return close()
}

/** Rows that are other objects than before, and equal to them. */
const writtenInVain = (before: Directory, after: Directory): ReadonlyArray<string> =>
  [...after.users, ...after.installations].flatMap(([id, row]) => {
    const was = before.users.get(row.id as never) ?? before.installations.get(row.id as never)
    return was !== undefined && was !== row && equalData(was, row) ? [id] : []
  })

/** Folds a log both ways, comparing after every event. */
const compare = (log: ReadonlyArray<Recorded>): void => {
  let [drafted, directory] = [emptyDirectory, emptyDirectory]
  for (const event of log) {
    drafted = evolve(drafted, event)
    const next = frozen(owned(directory, [event]))
    expect(differencesBetween(rowsOf(drafted), rowsOf(next))).toEqual([])
    expect(next.definitionCounts).toEqual(drafted.definitionCounts)
    expect(writtenInVain(directory, next)).toEqual([])
    directory = next
  }
  const middle = Math.floor(log.length / 2)
  const half = frozen(owned(emptyDirectory, log.slice(0, middle)))
  for (const all of [owned(emptyDirectory, log), owned(half, log.slice(middle))])
    expect(differencesBetween(rowsOf(drafted), rowsOf(all))).toEqual([])
}

it(
  'an event leaves owned rows as it leaves a draft, and the directory before as it was',
  async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(steps, async (story) => {
        const log = await logOf(story)
        for (const { type } of log) seen.add(type)
        compare(log)
      }),
      { numRuns: process.env.SELFSAME_LONG ? 2000 : 60 },
    )
    for (const type of ['UsersMerged', 'UsersUnmerged', 'UserErased', 'InstallationExpired'])
      expect(seen).toContain(type)
  },
  propertyTimeout_ms,
)

it('so does a merge that releases what an earlier one brought', async () => {
  const world = openWorld()
  const ids: string[] = []
  for (const name of ['a', 'b', 'c']) ids.push((await world.run(createUser(name))).user?.id ?? '')
  const [a = '', b = '', c = ''] = ids
  const settled = (id: string) => ({ overrides: { externalUserId: id } })
  await world.run(merge([{ userId: a }, { userId: b }], settled(b)))
  await world.run(merge([{ userId: a }, { userId: c }], settled(c)))
  compare(await world.log())
})

it('what is only looked at is the very directory that it was', async () => {
  const directory = frozen(owned(emptyDirectory, await logOf([])))
  const { draft, close } = openOwned(directory)
  for (const id of directory.users.keys()) expect(draft.users.get(id)).toBeDefined()
  const after = close()
  expect(after.users).toBe(directory.users)
  expect(after.installations).toBe(directory.installations)
})
