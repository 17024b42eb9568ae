import { describe, expect, it } from 'vitest'
import { ExternalUserId, ExternalUserIdPatch } from '../../src/values/external-user-id.js'
import { accepts, parsed, violations } from './parsing.js'

describe('an external user id', () => {
  it('is 1 to 256 characters, kept exactly', () => {
    expect(parsed(ExternalUserIdPatch, ' A/b ')).toBe(' A/b ')
    expect(accepts(ExternalUserIdPatch, 'a'.repeat(256))).toBe(true)
    expect(accepts(ExternalUserIdPatch, 'a'.repeat(257))).toBe(false)
    expect(accepts(ExternalUserIdPatch, 'a\u0000')).toBe(false)
    expect(accepts(ExternalUserIdPatch, 7)).toBe(false)
  })

  it.each([null, '', 'null', 'NULL', 'Null', 'nUlL'])('%j in a patch means null', (input) => {
    expect(parsed(ExternalUserIdPatch, input)).toBeNull()
  })

  it.each(['nul', 'nullable', ' null', 'null ', 'undefined'])('%j is an id', (input) => {
    expect(parsed(ExternalUserIdPatch, input)).toBe(input)
  })

  it.each([null, '', 'null', 'NULL', undefined])('must stand in a reference: %j', (input) => {
    expect(violations(ExternalUserId, input)).toMatchObject([{ code: 'REQUEST_FORMAT_INVALID' }])
  })

  it('parses in a reference as in a patch', () => {
    expect(parsed(ExternalUserId, 'u-1')).toBe('u-1')
  })
})
