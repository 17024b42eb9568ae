// Selfsame, as an embedder uses it: an engine over a file, commands awaited one by one or many at once.

import { openEngine, type Receipt, type UserView } from '@selfsame/core'
import { openSqliteStore, randomIds, type SqliteStore } from '@selfsame/store-sqlite'
import { commandOf, phoneOf } from '../shop.js'
import { type Contestant, inLanes } from './contestant.js'

type Answer<A> =
  | { readonly _tag: 'Right'; readonly right: A }
  | { readonly _tag: 'Left'; readonly left: unknown }

const accepted = <A>(answer: Answer<A>): A => {
  if (answer._tag === 'Right') return answer.right
  throw new Error(JSON.stringify(answer.left))
}

export interface Ours extends Contestant {
  readonly store: SqliteStore
  readonly fetch: (person: number) => Promise<UserView>
  readonly execute: (command: object) => Promise<Receipt>
}

export const openOurs = async (file: string): Promise<Ours> => {
  const store = accepted(await openSqliteStore({ file })())
  const engine = openEngine({ store, idSource: randomIds })
  const execute = async (command: object) => accepted(await engine.execute(command)())
  return {
    store,
    execute,
    run: (kind, people, turn, inFlight) =>
      inLanes(people, inFlight, async (n) => {
        await execute(commandOf(kind, n, turn))
      }),
    fetch: async (person) => accepted(await engine.fetchUser({ phone: `+${phoneOf(person)}` })()),
    close: async () => {
      accepted(await engine.close()())
    },
  }
}
