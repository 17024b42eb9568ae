// What a store is told to write after a decision: every row that is another one now, and no other.

import type { changesBetween, Directory } from '@selfsame/core'

/** What is wrong with the rows that are to be written where a slice became another. */
export const wrongChanges = (
  before: Directory,
  after: Directory,
  { users, installations, identities, tokens, definitions }: ReturnType<typeof changesBetween>,
): ReadonlyArray<string> => {
  const written: Readonly<Record<string, ReadonlySet<string>>> = {
    users: new Set<string>(users.map(({ id }) => id)),
    installations: new Set<string>(installations.map(({ id }) => id)),
    identities: new Set<string>(identities.map(({ key }) => key)),
    tokens: new Set<string>(tokens.map(({ key }) => key)),
    definitions: new Set<string>(definitions.map(([key]) => key)),
  }
  return (['users', 'installations', 'identities', 'tokens', 'definitions'] as const).flatMap(
    (table) => {
      const [were, are]: ReadonlyArray<ReadonlyMap<string, unknown>> = [before[table], after[table]]
      const keys = new Set([...(were?.keys() ?? []), ...(are?.keys() ?? [])])
      return [...keys].flatMap((key) => {
        const isOther = were?.get(key) !== are?.get(key)
        const isWritten = written[table]?.has(key) === true
        if (isOther === isWritten) return []
        return [
          isOther
            ? `does not write a row that is another one: ${table} ${key}`
            : `writes a row that is as it was: ${table} ${key}`,
        ]
      })
    },
  )
}
