// The names that stand unsealed for ever: tokens and the ids made of them, and the two ids that
// callers give to apps and installations.

import { t } from '../prelude.js'
import { branded, type Codec, codec } from './codec.js'
import { text } from './text.js'
import { reject } from './violation.js'

interface TokenBrand {
  readonly Token: unique symbol
}
interface CommandIdBrand {
  readonly CommandId: unique symbol
}
interface UserIdBrand {
  readonly UserId: unique symbol
}
interface EventIdBrand {
  readonly EventId: unique symbol
}
interface PushRegistrationIdBrand {
  readonly PushRegistrationId: unique symbol
}
interface ApplicationIdBrand {
  readonly ApplicationId: unique symbol
}

/**
 * A place in the log: 1, 2, 3 ... without gaps; 0 stands before the first event.
 *
 * @category Values
 * @since 0.1.0
 */
export type Position = number

/**
 * 1 to 128 of `A-Z a-z 0-9 . _ : -`, never personal (domain.md section 3).
 *
 * @category Values
 * @since 0.1.0
 */
export type Token = t.Branded<string, TokenBrand>

/**
 * The token a caller gives a command so that it is done once.
 *
 * @category Values
 * @since 0.1.0
 */
export type CommandId = Token & t.Brand<CommandIdBrand>

/**
 * The token that names a user.
 *
 * @category Values
 * @since 0.1.0
 */
export type UserId = Token & t.Brand<UserIdBrand>

/**
 * The token that names an event.
 *
 * @category Values
 * @since 0.1.0
 */
export type EventId = Token & t.Brand<EventIdBrand>

/**
 * The id of an installation: 1 to 128 characters.
 *
 * @category Values
 * @since 0.1.0
 */
export type PushRegistrationId = t.Branded<string, PushRegistrationIdBrand>

/**
 * The id of an app: 1 to 256 characters.
 *
 * @category Values
 * @since 0.1.0
 */
export type ApplicationId = t.Branded<string, ApplicationIdBrand>

/** Brands a token that was made here or read from the log. */
export const token = (value: string): Token => value as Token

/** Brands a command id that was parsed before. */
export const commandId = (value: string): CommandId => value as CommandId

/** Brands a user id that was made here or read from the log. */
export const userId = (value: string): UserId => value as UserId

/** Brands an event id that was made here or read from the log. */
export const eventId = (value: string): EventId => value as EventId

/** Brands an installation's id that was made here or read from the log. */
export const pushRegistrationId = (value: string): PushRegistrationId => value as PushRegistrationId

/** Brands an app's id that was read from the log. */
export const applicationId = (value: string): ApplicationId => value as ApplicationId

const TOKEN = /^[A-Za-z0-9._:-]{1,128}$/

const tokenCodec = <A extends Token>(name: string, brand: (value: string) => A): Codec<A> =>
  codec<A>(
    name,
    (input, context) =>
      typeof input === 'string' && TOKEN.test(input)
        ? t.success(brand(input))
        : reject(input, context, 'must be a token: 1 to 128 of A-Z a-z 0-9 . _ : -'),
    () => ({ type: 'string', pattern: TOKEN.source, description: 'Unsealed: never personal.' }),
  )

/**
 * Parses a token.
 *
 * @category Values
 * @since 0.1.0
 */
export const Token: Codec<Token> = tokenCodec('a token', token)

/**
 * Parses a command id, a token.
 *
 * @category Values
 * @since 0.1.0
 */
export const CommandId: Codec<CommandId> = tokenCodec('a command id', commandId)

/**
 * Parses a user id, a token.
 *
 * @category Values
 * @since 0.1.0
 */
export const UserId: Codec<UserId> = tokenCodec('a user id', userId)

/**
 * Parses an event id, a token.
 *
 * @category Values
 * @since 0.1.0
 */
export const EventId: Codec<EventId> = tokenCodec('an event id', eventId)

/**
 * Parses the id of an installation: 1 to 128 characters, NFC.
 *
 * @category Values
 * @since 0.1.0
 */
export const PushRegistrationId: Codec<PushRegistrationId> = branded(
  text('a push registration id', 128),
  pushRegistrationId,
)

/**
 * Parses the id of an app: 1 to 256 characters, NFC.
 *
 * @category Values
 * @since 0.1.0
 */
export const ApplicationId: Codec<ApplicationId> = branded(
  text('an application id', 256),
  applicationId,
)
