// The law of the published schema: what was accepted is valid by it, what has another shape is not.

import type { Json } from '@selfsame/core'
import { checkSchema } from '@selfsame/testkit'
import { expect, it } from 'vitest'

const merge = (users: ReadonlyArray<Json>): Json => ({ type: 'MergeUsers', users: [...users] })
const ann = { userId: 'ann' }
const bob = { email: 'bob@example.com' }

it.each<readonly [string, Json]>([
  ['a merge of two', merge([ann, bob])],
  ['a merge of as many as it may name', merge(Array(50).fill(ann))],
  [
    'a list with its fields',
    {
      type: 'DefineAttribute',
      scope: 'user',
      name: 'orders',
      attributeType: 'list',
      fields: { sku: 'string' },
    },
  ],
  ['what is no command of the thirteen', { type: 'Plan' }],
])('says nothing of %s', (_, command) => {
  expect(checkSchema(command, true)).toEqual([])
})

it.each<readonly [string, Json]>([
  ['one user too many', merge(Array(51).fill(ann))],
  ['a reference by two keys', merge([ann, { ...ann, ...bob }])],
  ['an unknown key', { type: 'Depersonalize', pushRegistrationId: 'a', force: true }],
  ['a required key that is left out', { type: 'SetPrimary', pushRegistrationId: 'a' }],
  [
    'a list without its fields',
    { type: 'DefineAttribute', scope: 'user', name: 'orders', attributeType: 'list' },
  ],
  ['an override of what is no field', { ...Object(merge([ann, bob])), overrides: { tags: 'ann' } }],
])('is broken where %s is accepted', (_, command) => {
  expect(checkSchema(command, true).map(({ invariant }) => invariant)).toEqual(['schema'])
})
