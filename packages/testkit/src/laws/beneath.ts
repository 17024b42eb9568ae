// What a user keeps beneath what is shown, so that merges can be undone: no more than that needs.

import type { ActiveUser, Directory, Position } from '@selfsame/core'
import { type Violation, violation } from './violation.js'

/**
 * Of invariant 10: who has absorbed nobody keeps nothing beneath, what is kept beneath a value is another
 * one than the value shown, and an identity that a merge released is owned by nobody.
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkBeneath = (directory: Directory): ReadonlyArray<Violation> => {
  const users = [...directory.users.values()].flatMap((one) =>
    one.status === 'active' ? [one] : [],
  )
  const owned = new Set<Position>(
    users.flatMap(({ identities }) => Object.values(identities).map(({ at }) => at)),
  )
  return users.flatMap((user) => [
    ...(user.merges === 0 && Object.keys(user.hidden).length + user.released.length > 0
      ? [violation(10, `${user.id} has absorbed nobody, and keeps ${beneath(user)} beneath`)]
      : []),
    ...Object.keys(user.hidden)
      .filter((field) => user.cells[field]?.by === user.id)
      .map((field) => violation(10, `${user.id} shows its own ${field}, and keeps one beneath it`)),
    ...user.released
      .filter((at) => owned.has(at))
      .map((at) =>
        violation(10, `${user.id} keeps the identity linked at ${at} as released, which is owned`),
      ),
  ])
}

const beneath = ({ hidden, released }: ActiveUser): string =>
  [...Object.keys(hidden), ...released.map((at) => `the identity of ${at}`)].join(', ')
