// The cases of the system calls: which call of which operation meets which fault, and in what order.

import type { Operation } from './operations.js'
import type { Random } from './random.js'
import type { Changing, Fault } from './strace.js'

export interface Case {
  readonly operation: Operation
  readonly call: Changing
  readonly n: number
  readonly fault: Fault
}

/** Up to so many calls of a kind each one is faulted. */
const evenMax = 100

/** In turns from each operation, kind of call and fault, so that a few of them meet every kind. */
export const dealt = (random: Random, cases: ReadonlyArray<Case>): ReadonlyArray<Case> => {
  const piles = new Map<string, Case[]>()
  for (const one of random.shuffled(cases)) {
    const pile = `${one.operation.name} ${one.call} ${one.fault}`
    piles.set(pile, [...(piles.get(pile) ?? []), one])
  }
  const order = random.shuffled([...piles.values()])
  const longest = Math.max(...order.map((pile) => pile.length))
  return Array.from({ length: longest }, (_, i) =>
    order.flatMap((pile) => pile.slice(i, i + 1)),
  ).flat()
}

/** Every call; of the hundreds by which a rotation writes slot after slot, those at the ends and some. */
export const numbers = (count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, i) => i + 1).filter(
    (n) => count <= evenMax || n <= evenMax / 4 || n > count - evenMax / 4 || n % 16 === 0,
  )
