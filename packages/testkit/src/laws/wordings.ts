// A command under its id, given again in other words: what is left out may be told as it is meant by
// default, one key at a time or all at once, and the same receipt comes back (domain.md section 4).

import type { Engine, Json } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { defaultsOf, reworded } from '../runs/reworded.js'
import { sameReceipt } from './results.js'
import { type Violation, violation } from './violation.js'

const device = { pushRegistrationId: 'worded' }
const somebody = { externalUserId: 'worded' }

/** One of each type that means something by what it leaves out; all are accepted, in this order. */
const plainest: ReadonlyArray<Readonly<Record<string, Json>>> = [
  { type: 'RegisterInstallation', applicationId: 'shop' },
  { type: 'RegisterInstallation', applicationId: 'shop', ...device },
  { type: 'SetPrimary', ...device, isPrimary: true },
  { type: 'CreateUser', userIdentity: somebody },
  { type: 'Personalize', ...device, userIdentity: { externalUserId: 'worded-too' } },
  { type: 'MergeUsers', users: [somebody, somebody] },
  { type: 'DefineAttribute', scope: 'user', name: 'worded', attributeType: 'number' },
]

/**
 * Gives one command of each type that has defaults, and then each in other words under the same id. It
 * writes: give it an engine of a test, once.
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkWordings = async (
  engine: Pick<Engine, 'execute'>,
): Promise<ReadonlyArray<Violation>> => {
  const found: Violation[] = []
  for (const [i, bare] of plainest.entries()) {
    const command = { ...bare, commandId: `worded-${i}` }
    const first = await engine.execute(command)()
    if (E.isLeft(first)) continue
    const told = Object.entries(defaultsOf(command))
    const wordings: ReadonlyArray<Json> = [
      ...told.flatMap(([key, value]) => [
        { ...command, [key]: value },
        { ...command, [key]: null },
      ]),
      reworded(command),
    ]
    for (const wording of wordings) {
      const again = await engine.execute(wording)()
      if (E.isLeft(again) || !sameReceipt(first.right, again.right))
        found.push(
          violation(
            8,
            `${bare.type} is another command in other words: ${JSON.stringify(wording)} after ${JSON.stringify(command)}`,
          ),
        )
    }
  }
  return found
}
