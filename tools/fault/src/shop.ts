// A log that grows: people with installations, then single commands on random ones of them, timed.

import type { Engine } from '@selfsame/core'
import { phoneOf } from './load.js'
import { generator } from './random.js'

/** Commands of one group while filling. */
const groupCommands = 256
/** Events that one person brings: a user, an identity, a first name. */
export const eventsOfPerson = 3

/** Makes the people from one number up to another. */
export const shopFill = async (
  engine: Engine,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<number> => {
  for (let first = from; first < to; first += groupCommands) {
    const count = Math.min(groupCommands, to - first)
    const results = await engine.executeAll(
      Array.from({ length: count }, (_, i) => ({
        type: 'CreateUser',
        userIdentity: { phones: [phoneOf(first + i)] },
        userAttributes: { firstName: `Ann ${first + i}` },
      })),
    )()
    for (const result of results)
      if (result._tag === 'Left') throw new Error(JSON.stringify(result.left))
  }
  return to - from
}

/** Milliseconds of single commands, one after another, on random people. */
export const shopTimes = async (
  engine: Engine,
  { users, count, turn }: { readonly users: number; readonly count: number; readonly turn: number },
): Promise<ReadonlyArray<number>> => {
  const random = generator(users + turn)
  const times: number[] = []
  for (let i = 0; i < count; i += 1) {
    const phone = phoneOf(random.below(users))
    const start = process.hrtime.bigint()
    const result = await engine.saveUser({
      target: { phone },
      user: { firstName: `Bea ${turn}-${i}` },
    })()
    times.push(Number(process.hrtime.bigint() - start) / 1e6)
    if (result._tag === 'Left') throw new Error(JSON.stringify(result.left))
  }
  return times
}
