// Whom or what a question is about: a user by one of five names, an identity by one of three.

import { type Command, Option } from 'commander'

export interface Named {
  readonly id?: string
  readonly externalUserId?: string
  readonly email?: string
  readonly phone?: string
  readonly installation?: string
}

const flags = '--id, --external-user-id, --email, --phone, --installation'
const identityFlags = '--external-user-id, --email, --phone'

export const addNamed = (command: Command): Command =>
  command
    .option('--id <ID>', 'the user id')
    .option('--external-user-id <ID>', 'the id in a system of yours')
    .option('--email <EMAIL>', 'an email address, compared without case')
    .option('--phone <PHONE>', 'a phone number in E.164')
    .option('--installation <ID>', 'the pushRegistrationId of an installation')

/** What a question may be about. */
export type About = 'user' | 'installation' | 'identity'

export const addAbout = (command: Command): Command =>
  command.addOption(
    new Option('--of <WHAT>', 'what the name given stands for (default: user)').choices([
      'user',
      'installation',
      'identity',
    ]),
  )

export interface Asked extends Named {
  readonly of?: About
}

/** What a question is about, in the shape that the auditor reads. */
export type Subject =
  | { readonly about: 'user'; readonly reference: unknown }
  | { readonly about: 'installation'; readonly id: string }
  | { readonly about: 'identity'; readonly identity: unknown }

/** The one thing that is named; null where nothing is. Ends the command where the names do not fit. */
export const subjectIn = (command: Command, asked: Asked): Subject | null => {
  const { id, installation, of = 'user' } = asked
  const identities = identitiesIn(asked)
  const references = [
    ...(id === undefined ? [] : [{ userId: id }]),
    ...identities,
    ...(installation === undefined ? [] : [{ pushRegistrationId: installation }]),
  ]
  const [reference, ...more] = references
  if (reference === undefined && asked.of === undefined) return null
  if (more.length > 0) return command.error(`error: name it by exactly one of ${flags}`)
  switch (of) {
    case 'user':
      return reference === undefined
        ? command.error(`error: name the user by exactly one of ${flags}`)
        : { about: 'user', reference }
    case 'installation':
      return installation === undefined
        ? command.error('error: name the installation by --installation')
        : { about: 'installation', id: installation }
    case 'identity':
      return identities.length === 0
        ? command.error(`error: name the identity by exactly one of ${identityFlags}`)
        : { about: 'identity', identity: identities[0] }
  }
}

/** The user that must be named. */
export const userIn = (command: Command, named: Named): unknown => {
  const subject = subjectIn(command, named)
  return subject?.about === 'user'
    ? subject.reference
    : command.error(`error: name the user by exactly one of ${flags}`)
}

const identitiesIn = ({ externalUserId, email, phone }: Named): ReadonlyArray<unknown> => [
  ...(externalUserId === undefined ? [] : [{ externalUserId }]),
  ...(email === undefined ? [] : [{ email }]),
  ...(phone === undefined ? [] : [{ phone }]),
]
