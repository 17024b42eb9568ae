// Commands decoded and refused: nothing of the store is asked.

import { memoryStore, openEngine } from '@selfsame/core'
import { randomIds } from '@selfsame/store-sqlite'
import { timed } from './timed.js'

const bad = { type: 'Personalize', pushRegistrationId: '', userIdentity: { phones: ['12'] } }

/** Bad commands a second, each with every violation found. */
export const decodeRate = async ({ count }: { readonly count: number }): Promise<number> => {
  const engine = openEngine({ store: memoryStore({ clock: Date.now }), idSource: randomIds })
  const { seconds } = await timed('decode', async () => {
    for (let i = 0; i < count; i += 1) {
      const refused = await engine.execute(bad)()
      if (refused._tag === 'Right') throw new Error('a bad command was accepted')
    }
  })
  return count / seconds
}
