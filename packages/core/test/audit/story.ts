// One story for the auditor: Ann logs in on her phone, a second profile of hers from a newsletter is
// merged into the first by hand, and something is written afterwards.

import { type Auditor, auditOf, type Failure, type Refusal } from '../../src/index.js'
import type { TaskEither } from '../../src/prelude.js'
import {
  createByPhone,
  merge,
  personalize,
  phoneNo,
  register,
  saveUser,
  unmerge,
} from '../support/commands.js'
import {
  type Given,
  openWorld,
  refusalOf,
  successOf,
  userOf,
  type World,
} from '../support/world.js'

export const ann = userOf(1)
export const other = userOf(3)

/** Positions of the story, by what happened there. */
export const at = {
  annCreated: 1,
  phoneRegistered: 2,
  annLinked: 3,
  annPromoted: 4,
  annNamed: 5,
  otherCreated: 6,
  otherLinked: 7,
  otherWritten: 8,
  merged: 9,
  coloured: 11,
} as const

export interface Told {
  readonly world: World
  readonly audit: Auditor
}

/** The story up to the merge and a write after it. */
export const tell = async (): Promise<Told> => {
  const world = openWorld()
  await world.runAll([
    register('phone'),
    personalize(
      'phone',
      { externalUserId: 'ann' },
      { userAttributes: { firstName: 'Ann' }, actor: 'app' },
    ),
    createByPhone(phoneNo(1), {
      userAttributes: { firstName: 'Anna', gender: 'Female', tags: ['news'] },
    }),
    merge([{ externalUserId: 'ann' }, { phone: phoneNo(1) }], {
      actor: 'support',
      commandId: 'merge-1',
      correlationId: 'ticket-7',
    }),
    saveUser({ externalUserId: 'ann' }, { customAttributes: { colour: 'red' } }),
  ])
  return { world, audit: auditOf(world.store) }
}

export const unmergeThem: Given = { ...unmerge({ userId: ann }, other), actor: 'support' }

export const ask = <A>(question: TaskEither<Refusal | Failure, A>): Promise<A> =>
  successOf(question)

export const refused = async <A>(question: TaskEither<Refusal | Failure, A>): Promise<string> =>
  (await refusalOf(question)).error.code
