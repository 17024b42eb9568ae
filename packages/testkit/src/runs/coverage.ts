// What a set of runs has reached: commands accepted and refused, rows of the Personalize table, refusal
// codes and event types. A kit that never reaches a rule proves nothing about it.

import { catalog, commandTypes, type Json, type Recorded, refusalCodes } from '@selfsame/core'
import { isObject } from '../arbitraries/symbols.js'
import type { Step } from './transcript.js'

/**
 * Counts by name; what was never reached counts 0.
 *
 * @since 0.1.0
 * @category Coverage
 */
export interface Coverage {
  readonly accepted: Readonly<Record<string, number>>
  readonly refused: Readonly<Record<string, number>>
  readonly refusals: Readonly<Record<string, number>>
  readonly rows: Readonly<Record<string, number>>
  readonly events: Readonly<Record<string, number>>
}

/**
 * A counter of what runs reach.
 *
 * @since 0.1.0
 * @category Coverage
 */
export interface CoverageCounter {
  readonly count: (steps: ReadonlyArray<Step>) => void
  readonly report: () => Coverage
}

/** The rows of the Personalize table (domain.md section 5) that a sequence can tell apart. */
export const personalizeRows: ReadonlyArray<string> = [
  '1: no identity',
  '2: malformed',
  '3: several candidates',
  '4: linked to an anonymous user',
  '5: absorbed',
  '5: moved alone',
  '6: nothing new',
  '6: further identities',
  '7: another candidate',
  '8: unknown identity',
  '9: forced, to a candidate',
  '9: forced, to a new user',
  '10: no such installation',
  'another externalUserId',
]

/**
 * Opens a counter at zero.
 *
 * @since 0.1.0
 * @category Coverage
 */
export const openCoverage = (): CoverageCounter => {
  const accepted = zeros(commandTypes)
  const refused = zeros(commandTypes)
  const refusals = zeros(refusalCodes)
  const rows = zeros(personalizeRows)
  const events = zeros(Object.keys(catalog))
  const add = (counts: Map<string, number>, name: string | undefined): void => {
    const before = name === undefined ? undefined : counts.get(name)
    if (name !== undefined && before !== undefined) counts.set(name, before + 1)
  }
  return {
    count: (steps) => {
      for (const step of steps) {
        const { command, result } = step
        const type = typeOf(command)
        if (result._tag === 'Receipt') {
          add(accepted, type)
          for (const event of result.receipt.events) add(events, event.type)
        }
        if (result._tag === 'Refusal') {
          add(refused, type)
          add(refusals, result.refusal.error.code)
        }
        if (type === 'Personalize') add(rows, rowOf(step))
      }
    },
    report: () => ({
      accepted: Object.fromEntries(accepted),
      refused: Object.fromEntries(refused),
      refusals: Object.fromEntries(refusals),
      rows: Object.fromEntries(rows),
      events: Object.fromEntries(events),
    }),
  }
}

/**
 * What was never reached, by name.
 *
 * @since 0.1.0
 * @category Coverage
 */
export const missing = (coverage: Coverage): ReadonlyArray<string> =>
  [coverage.accepted, coverage.refusals, coverage.rows, coverage.events].flatMap((counts) =>
    Object.entries(counts).flatMap(([name, count]) => (count === 0 ? [name] : [])),
  )

/**
 * The share of commands that were accepted, 0 to 1.
 *
 * @since 0.1.0
 * @category Coverage
 */
export const acceptance = ({ accepted, refused }: Coverage): number => {
  const [yes, no] = [accepted, refused].map((counts) =>
    Object.values(counts).reduce((sum, count) => sum + count, 0),
  )
  return (yes ?? 0) / Math.max(1, (yes ?? 0) + (no ?? 0))
}

const zeros = (names: ReadonlyArray<string>): Map<string, number> =>
  new Map(names.map((name) => [name, 0]))

const typeOf = (command: Json): string | undefined =>
  isObject(command) && typeof command.type === 'string' ? command.type : undefined

/** The row of a Personalize, told from what came back. */
const rowOf = ({ result }: Step): string | undefined => {
  if (result._tag === 'Receipt') return rowOfEvents(result.receipt.events)
  if (result._tag !== 'Refusal') return undefined
  const { code, details } = result.refusal.error
  switch (code) {
    case 'USER_IDENTITY_INVALID':
      return '1: no identity'
    case 'PHONE_INVALID':
    case 'EMAIL_INVALID':
      return '2: malformed'
    case 'AMBIGUOUS_PERSONALIZE_CANDIDATES':
      return '3: several candidates'
    case 'NO_REGISTRATION':
      return '10: no such installation'
    case 'PERSONALIZATION_IMPOSSIBLE':
      if (details.candidate !== undefined) return '7: another candidate'
      return details.externalUserId === undefined ? '8: unknown identity' : 'another externalUserId'
    default:
      return undefined
  }
}

const rowOfEvents = (events: ReadonlyArray<Recorded>): string => {
  const has = (type: string): boolean => events.some((event) => event.type === type)
  if (has('UsersMerged')) return '5: absorbed'
  if (has('InstallationDetached'))
    return has('UserCreated') ? '9: forced, to a new user' : '9: forced, to a candidate'
  if (has('InstallationAttached')) return '5: moved alone'
  if (events.length === 0) return '6: nothing new'
  return has('ProfilePromoted') && has('IdentityLinked')
    ? '4: linked to an anonymous user'
    : '6: further identities'
}
