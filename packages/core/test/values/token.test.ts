import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ApplicationId,
  CommandId,
  EventId,
  eventId,
  PushRegistrationId,
  pushRegistrationId,
  Token,
  UserId,
  userId,
} from '../../src/values/token.js'
import { accepts, parsed, violations } from './parsing.js'

describe('a token', () => {
  it('is 1 to 128 of A-Z a-z 0-9 . _ : -', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9._:-]{1,128}$/), (input) => {
        expect(parsed(Token, input)).toBe(input)
      }),
    )
    expect(accepts(Token, 'a'.repeat(128))).toBe(true)
  })

  it.each(['', 'a'.repeat(129), 'a b', 'a\n', 'a/b', 'ä', 'a@b', 1, null, ['a']])(
    'refuses %j',
    (input) => {
      expect(violations(Token, input)[0]?.message).toContain('A-Z a-z 0-9 . _ : -')
    },
  )

  it('is the form of the ids of commands, users and events', () => {
    for (const id of ['u:1', '0190f3a2-7c41-7b3e-8a55-0242ac120002']) {
      expect([parsed(CommandId, id), parsed(UserId, id), parsed(EventId, id)]).toEqual([id, id, id])
    }
    expect([accepts(CommandId, 'u 1'), accepts(UserId, 'u 1'), accepts(EventId, 'u 1')]).toEqual([
      false,
      false,
      false,
    ])
    expect(userId('a')).toBe('a')
    expect(eventId('a')).toBe('a')
  })
})

describe('the id of an installation', () => {
  it('is 1 to 128 characters', () => {
    expect(parsed(PushRegistrationId, 'ein Gerät/1')).toBe('ein Gerät/1')
    expect(accepts(PushRegistrationId, '😀'.repeat(128))).toBe(true)
    expect(accepts(PushRegistrationId, '😀'.repeat(129))).toBe(false)
    expect(accepts(PushRegistrationId, '')).toBe(false)
    expect(pushRegistrationId('a')).toBe('a')
  })
})

describe('the id of an app', () => {
  it('is 1 to 256 characters', () => {
    expect(accepts(ApplicationId, 'a'.repeat(256))).toBe(true)
    expect(accepts(ApplicationId, 'a'.repeat(257))).toBe(false)
    expect(accepts(ApplicationId, '')).toBe(false)
  })
})
