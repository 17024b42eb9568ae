// The commands of one writer: people made, changed, merged and erased, each command under an id, so
// that it can be given again; and who of them is erased, whose receipts then read otherwise.

import { phoneOf } from './load.js'
import type { Random } from './random.js'

export interface Given {
  readonly command: { readonly commandId: string; readonly type: string } & Record<string, unknown>
  /** People whose values the receipt shows. */
  readonly about: ReadonlyArray<number>
  /** People that it erases, if it is accepted. */
  readonly erases: ReadonlyArray<number>
}

export interface Workload {
  readonly next: () => Given
  /** Whether somebody's values may be gone by what was given so far. */
  readonly mayBeErased: (person: number) => boolean
}

/** People of one writer are numbered from a place of its own. */
const peopleOfWriter = 100_000

/** The name by which a person's values are found in any byte. */
export const canaryOf = (person: number): string => `Kanarienvogel${person}q`
export const anyCanary = /Kanarienvogel\d+q/g

export const emailOf = (person: number): string => `${canaryOf(person)}@example.com`

export const openWorkload = (writer: number, name: string, random: Random): Workload => {
  // Each living person with everyone absorbed in them.
  let living: ReadonlyArray<ReadonlyArray<number>> = []
  const erased = new Set<number>()
  let people = 0
  let count = 0

  const given = (
    command: Record<string, unknown> & { readonly type: string },
    about: ReadonlyArray<number>,
    erases: ReadonlyArray<number> = [],
  ): Given => {
    count += 1
    return { command: { commandId: `${name}-${count}`, ...command }, about, erases }
  }
  const target = (group: ReadonlyArray<number>) => ({ phone: phoneOf(group[0] ?? 0) })

  const create = (): Given => {
    const person = writer * peopleOfWriter + people++
    living = [...living, [person]]
    return given(
      {
        type: 'CreateUser',
        userIdentity: { phones: [phoneOf(person)], emails: [emailOf(person)] },
        userAttributes: { firstName: canaryOf(person), customAttributes: { visits: person } },
      },
      [person],
    )
  }
  const save = (): Given => {
    const group = random.pick(living)
    return given(
      {
        type: 'SaveUser',
        target: target(group),
        user: { lastName: `${canaryOf(group[0] ?? 0)}-${count}` },
      },
      group,
    )
  }
  const merge = (): Given => {
    const [a, b] = random.shuffled(living)
    if (a === undefined || b === undefined) return create()
    living = [...living.filter((group) => group !== a && group !== b), [...a, ...b]]
    return given({ type: 'MergeUsers', users: [target(a), target(b)], survivor: target(a) }, [
      ...a,
      ...b,
    ])
  }
  const erase = (): Given => {
    const group = random.pick(living)
    living = living.filter((one) => one !== group)
    for (const person of group) erased.add(person)
    return given({ type: 'EraseUser', target: target(group), reason: 'asked' }, group, group)
  }

  return {
    next: () => {
      const dice = random.next()
      if (living.length < 3 || dice < 0.45) return create()
      if (dice < 0.7) return save()
      return dice < 0.82 ? merge() : erase()
    },
    mayBeErased: (person) => erased.has(person),
  }
}
