// Commands that no engine may accept: each of the thirteen with one thing wrong, as a client that
// was written in haste sends it.

import { commandTypes, type Json } from '@selfsame/core'
import fc from 'fast-check'
import { commandsOf } from './commands.js'
import { isObject } from './symbols.js'

type Spoil = (command: Readonly<Record<string, Json>>) => Json

const spoils: ReadonlyArray<Spoil> = [
  (command) => ({ ...command, misspelt: true }),
  ({ type }) => ({ type: `${String(type).toLowerCase()}` }),
  (command) => ({ ...command, commandId: 'with space' }),
  (command) => ({ ...command, occurredAt: 'yesterday' }),
  (command) => ({ ...command, actor: 'x'.repeat(129) }),
  (command) => Object.values(command),
  (command) => JSON.stringify(command),
]

/**
 * Commands with one thing wrong: a key or a type that is none, what every command may carry in a
 * form that it may not have, or what is no command at all. Symbols stand in them as in `commandsOf`.
 *
 * @since 0.1.0
 * @category Arbitraries
 */
export const wrongCommands: fc.Arbitrary<Json> = fc
  .tuple(
    fc.constantFrom(...spoils),
    fc.oneof({ withCrossShrink: true }, ...commandTypes.map((type) => commandsOf[type])),
  )
  .map(([spoil, command]) => spoil(isObject(command) ? command : {}))
