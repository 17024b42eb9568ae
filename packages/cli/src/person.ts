// The person that a command is about: by --user, a reference in one word, or by the names of `named.ts`.

import type { Command } from 'commander'
import { addNamed, type Named, userIn } from './named.js'

export interface PersonOption extends Named {
  readonly user?: string
}

const keys = ['userId', 'externalUserId', 'phone', 'email', 'pushRegistrationId']

export const addPerson = (command: Command): Command =>
  addNamed(
    command.option('--user <REF>', `KEY=VALUE, KEY being one of ${keys.join(', ')}; or a user id`),
  )

/** The user reference; ends the command where not exactly one person is named. */
export const personIn = (command: Command, { user, ...named }: PersonOption): unknown => {
  if (user === undefined) return userIn(command, named)
  const { id, externalUserId, email, phone, installation } = named
  if ([id, externalUserId, email, phone, installation].some((one) => one !== undefined))
    return command.error("error: name the user by '--user' or by another name, not by both")
  const at = user.indexOf('=')
  const key = user.slice(0, Math.max(at, 0))
  if (at !== -1 && !keys.includes(key))
    return command.error(`error: '--user' has no key '${key}': ${keys.join(', ')}`)
  return at === -1 ? { userId: user } : { [key]: user.slice(at + 1) }
}
