// The id that the embedder's own system gives a person.

import { t } from '../prelude.js'
import { branded, type Codec, codec } from './codec.js'
import { text } from './text.js'
import { reject } from './violation.js'

interface ExternalUserIdBrand {
  readonly ExternalUserId: unique symbol
}

/**
 * 1 to 256 characters, compared exactly, never the word `null` in any casing.
 *
 * @category Values
 * @since 0.1.0
 */
export type ExternalUserId = t.Branded<string, ExternalUserIdBrand>

/** Brands an external user id that was read from the log. */
export const externalUserId = (value: string): ExternalUserId => value as ExternalUserId

const ANY = branded(text('an external user id', 256), externalUserId)

const isNull = (input: unknown): boolean =>
  input === null || (typeof input === 'string' && /^(?:null)?$/i.test(input))

/**
 * An external user id where one must stand, as in a user reference.
 *
 * @category Values
 * @since 0.1.0
 */
export const ExternalUserId: Codec<ExternalUserId> = codec<ExternalUserId>(
  ANY.name,
  (input, context) =>
    isNull(input)
      ? reject(input, context, 'must be an external user id, not null')
      : ANY.validate(input, context),
  (of) => ({ allOf: [of(ANY)], not: { pattern: '^[nN][uU][lL][lL]$' } }),
)

/**
 * An external user id in a patch: null, an empty string and any casing of the word `null` mean null
 * (domain.md section 3).
 *
 * @category Values
 * @since 0.1.0
 */
export const ExternalUserIdPatch: Codec<ExternalUserId | null> = codec<ExternalUserId | null>(
  `${ANY.name} or null`,
  (input, context) => (isNull(input) ? t.success(null) : ANY.validate(input, context)),
  (of) => ({ anyOf: [of(ANY), { enum: [null, ''] }], description: 'The word null is null.' }),
)
