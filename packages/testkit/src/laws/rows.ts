// What a rebuild goes by: two directories that differ in one row are told apart, and by that row.

import { type Directory, differencesBetween, rowsOf } from '@selfsame/core'
import { type Violation, violation } from './violation.js'

const tables = ['users', 'installations', 'identities', 'tokens', 'definitions'] as const

/**
 * Checks that one row which is missing is found, on either side, in every table of a directory.
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkToldApart = (directory: Directory): ReadonlyArray<Violation> =>
  [...tables, 'absorbed' as const].flatMap((table) => {
    const rows: ReadonlyMap<string, unknown> = directory[table]
    const gone = [...rows.keys()].at(-1)
    if (gone === undefined) return []
    const without = {
      ...directory,
      [table]: new Map([...rows].filter(([key]) => key !== gone)),
    }
    const [all, less] = [rowsOf(directory), rowsOf(without)]
    const isEmpty = table === 'absorbed' && directory.absorbed.size > 0 && !hasAny(rows.get(gone))
    const found = [differencesBetween(all, less), differencesBetween(less, all)]
    const isTold = found.every((some) => some.length === 1 && some[0]?.key === gone)
    const isNamed = found.every((some) => some[0]?.table === table)
    const isShown = found[0]?.[0]?.rebuilt === null && found[1]?.[0]?.stored === null
    return isEmpty || (isTold && isNamed && isShown)
      ? []
      : [violation(6, `a row of ${table} that is missing is not told: ${gone}`)]
  })

/** Nobody absorbed is no row. */
const hasAny = (row: unknown): boolean => !Array.isArray(row) || row.length > 0
