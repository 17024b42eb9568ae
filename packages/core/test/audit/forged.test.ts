// A log that somebody forged may hold what no command records: whoever reads it comes to an end.

import { describe, expect, it } from 'vitest'
import { resolve } from '../../src/directory/directory.js'
import type { User } from '../../src/directory/user.js'
import type { UserId } from '../../src/index.js'

const [ann, bea, cem] = ['ann', 'bea', 'cem'] as unknown as [UserId, UserId, UserId]
const mergedInto = (id: UserId, into: UserId): [UserId, User] => [
  id,
  { status: 'merged', id, into } as User,
]

describe('an id whose merges run in a circle', () => {
  it.each([
    ['of one', [mergedInto(ann, ann)]],
    ['of two', [mergedInto(ann, bea), mergedInto(bea, ann)]],
    ['that it only leads into', [mergedInto(ann, bea), mergedInto(bea, cem), mergedInto(cem, bea)]],
  ] as const)('%s means nobody', (_, users) => {
    expect(resolve({ users: new Map(users) }, ann)).toBeUndefined()
  })
})
