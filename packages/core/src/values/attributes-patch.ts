// The attributes of a user as a patch: single fields, tags and custom attributes.

import { E, t } from '../prelude.js'
import { CustomAttributesPatch } from './attribute.js'
import { addAll, type Codec, codec, emptyIsNull, literals, type ObjectOf } from './codec.js'
import { Day } from './instant.js'
import { isList } from './json.js'
import { text } from './text.js'
import { at, reject } from './violation.js'

/**
 * A user's gender.
 *
 * @category Values
 * @since 0.1.0
 */
export type Gender = 'Male' | 'Female'

/**
 * Parses a gender, in exactly this casing.
 *
 * @category Values
 * @since 0.1.0
 */
export const Gender: Codec<Gender> = literals('a gender', ['Male', 'Female'])

const TAGS_MAX = 1000

const tag = text('a tag', 256)

/**
 * All tags of a user: null is none; nulls, empty strings and duplicates in the list are dropped.
 * More than 1,000 after that are `LIMIT_EXCEEDED` (domain.md section 3).
 *
 * @category Values
 * @since 0.1.0
 */
export const TagsPatch: Codec<ReadonlyArray<string>> = codec<ReadonlyArray<string>>(
  'tags',
  (input, context) => {
    if (input === null) return t.success([])
    if (!isList(input)) return reject(input, context, 'must be tags (an array) or null')
    const tags = new Set<string>()
    const errors: t.Errors = []
    for (const [index, item] of input.entries()) {
      if (item === null || item === '') continue
      const parsed = tag.validate(item, at(context, index, tag, item))
      if (E.isLeft(parsed)) addAll(errors, parsed.left)
      else tags.add(parsed.right)
    }
    if (errors.length > 0) return t.failures(errors)
    return tags.size > TAGS_MAX
      ? reject(input, context, `must have at most ${TAGS_MAX} tags`, 'LIMIT_EXCEEDED')
      : t.success([...tags])
  },
  (of) => ({
    type: ['array', 'null'],
    items: { anyOf: [of(tag), { enum: [null, ''] }] },
    description: `At most ${TAGS_MAX} different ones.`,
  }),
)

/**
 * The codecs of a user's attributes by name, each optional and nullable in a patch. A birthday is a
 * real day here; that it is not in the future is judged when the command is decided.
 *
 * @category Values
 * @since 0.1.0
 */
export type AttributesPatchProps = {
  readonly firstName: Codec<string | null>
  readonly lastName: Codec<string | null>
  readonly middleName: Codec<string | null>
  readonly gender: Codec<Gender | null>
  readonly birthday: Codec<Day | null>
  readonly tags: Codec<ReadonlyArray<string>>
  readonly customAttributes: Codec<CustomAttributesPatch>
}

/**
 * A patch of a user's attributes: an absent one is kept, a null one removed.
 *
 * @category Values
 * @since 0.1.0
 */
export type AttributesPatch = ObjectOf<Record<never, never>, AttributesPatchProps>

/**
 * The codecs to spread into the optional part of `object`.
 *
 * @category Values
 * @since 0.1.0
 */
export const AttributesPatchProps: AttributesPatchProps = {
  firstName: emptyIsNull(text('a first name', 255)),
  lastName: emptyIsNull(text('a last name', 255)),
  middleName: emptyIsNull(text('a middle name', 50)),
  gender: emptyIsNull(Gender),
  birthday: emptyIsNull(Day),
  tags: TagsPatch,
  customAttributes: CustomAttributesPatch,
}
