// A store of an account that has declared many attributes already, without the ten thousand commands
// that it would take: what counts them is told of so many more.

import type { Directory, Store } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'

/** How many names of each scope were declared before, beside those in the store. */
export type Declared = Record<'user' | 'installation', number>

/** The store, as decisions see it: `declared` may be changed as a story goes on. */
export const withDeclared = (store: Store, declared: Declared): Store => {
  const counting = (directory: Directory, sign: 1 | -1): Directory => {
    const { user, installation } = directory.definitionCounts
    return {
      ...directory,
      definitionCounts: {
        user: user + sign * declared.user,
        installation: installation + sign * declared.installation,
      },
    }
  }
  return {
    ...store,
    load: (roots, next) => async () => {
      const loaded = await store.load(roots, next)()
      return E.isLeft(loaded)
        ? loaded
        : E.right({ ...loaded.right, directory: counting(loaded.right.directory, 1) })
    },
    transact: (items) =>
      store.transact(
        items.map((item) => ({
          ...item,
          decide: (slice, at) => {
            const decided = item.decide(counting(slice, 1), at)
            return E.isLeft(decided)
              ? decided
              : E.right({ ...decided.right, directory: counting(decided.right.directory, -1) })
          },
        })),
      ),
  }
}
