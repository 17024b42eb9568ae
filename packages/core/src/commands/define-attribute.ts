// DefineAttribute: declares the type of a custom attribute. A list of objects must be declared before
// its first value; any other type may be.

import { definitionKey } from '../directory/directory.js'
import { overLimit } from '../directory/limits.js'
import { reason, violated } from '../directory/refusal.js'
import { E } from '../prelude.js'
import {
  AttributeFields,
  AttributeName,
  AttributeType,
  sameDefinition,
} from '../values/attribute.js'
import { type Codec, literals, nullable } from '../values/codec.js'
import { alsoDescribed } from '../values/described.js'
import { type CommandOf, command } from './command.js'
import { type CommandDefinition, openJournal } from './decision.js'

const required = {
  scope: literals('scope', ['user', 'installation']),
  name: AttributeName,
  attributeType: AttributeType,
}
const optional = { fields: nullable(AttributeFields) }

/**
 * @since 0.1.0
 * @category Commands
 */
export type DefineAttribute = CommandOf<'DefineAttribute', typeof required, typeof optional>

const DefineAttribute: Codec<DefineAttribute> = alsoDescribed(
  command('DefineAttribute', required, optional),
  {
    if: { properties: { attributeType: { const: 'list' } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: ['fields'], properties: { fields: { type: 'object' } } },
    else: { properties: { fields: { type: 'null' } } },
  },
)

export const defineAttribute: CommandDefinition<DefineAttribute> = {
  codec: DefineAttribute,
  defaults: { fields: null },
  check: ({ attributeType, fields }) =>
    (attributeType === 'list') === (fields != null)
      ? E.right(null)
      : E.left(
          violated([
            {
              path: '/fields',
              code: 'REQUEST_FORMAT_INVALID',
              message: attributeType === 'list' ? 'is required for a list' : 'is for a list only',
            },
          ]),
        ),
  roots: ({ scope, name }) => [{ kind: 'definition', scope, name }],
  decide: (slice, { scope, name, attributeType, fields }, context) => {
    const wanted = { type: attributeType, ...(fields == null ? {} : { fields }) }
    const known = slice.definitions.get(definitionKey(scope, name))
    const journal = openJournal(slice, context)
    if (known !== undefined)
      return sameDefinition(known, wanted)
        ? journal.close({})
        : E.left(
            reason('ATTRIBUTE_CONFLICT', `this attribute is declared already, as ${known.type}`, {
              scope,
              name,
              declared: { ...known },
            }),
          )
    const over = overLimit('definitions', slice.definitionCounts[scope] + 1)
    if (over !== undefined) return E.left(over)
    journal.record({
      type: 'AttributeDefined',
      payload: { scope, name, attributeType, ...(fields == null ? {} : { fields }) },
    })
    return journal.close({})
  },
}
