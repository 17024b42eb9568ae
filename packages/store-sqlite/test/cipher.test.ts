// What was sealed opens by its key, in its place, whole; anything else is told apart, and never thrown.

import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { seal, unseal } from '../src/cipher.js'

const key = randomBytes(32)
const content = Buffer.from('Ann')

it('what is sealed opens by its key and in its place only', () => {
  const sealed = seal(key, content, 'here')
  expect(unseal(key, sealed, 'here')).toEqual(content)
  expect(unseal(randomBytes(32), sealed, 'here')).toBeUndefined()
  expect(unseal(key, sealed, 'there')).toBeUndefined()
})

it('a bit that is another, an end that is missing, or what is no blob opens as nothing', () => {
  const sealed = seal(key, content, 'here')
  for (let at = 0; at < sealed.length; at += 1) {
    const flipped = Buffer.from(sealed)
    flipped.writeUInt8(flipped.readUInt8(at) ^ 1, at)
    expect(unseal(key, flipped, 'here')).toBeUndefined()
    expect(unseal(key, sealed.subarray(0, at), 'here')).toBeUndefined()
  }
  // SQLite gives a column whose type was damaged as text, or as a number.
  for (const damaged of ['a text that is long enough to be taken for one', 7, null])
    expect(unseal(key, damaged as never, 'here')).toBeUndefined()
})
