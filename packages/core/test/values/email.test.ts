import parseAddresses from 'email-addresses'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Email, emailKey } from '../../src/values/email.js'
import { accepts, parsed, violations } from './parsing.js'

describe('an email', () => {
  it.each([
    ['john@example.com', 'john@example.com'],
    ['John.Doe+news@Example.COM', 'John.Doe+news@Example.COM'],
    ["o'hara!#$%&*/=?^_`{|}~-@example.com", "o'hara!#$%&*/=?^_`{|}~-@example.com"],
    ['zoë@exämple.de', 'zoë@exämple.de'],
    ['zoe\u0308@example.de', 'zo\u00eb@example.de'],
    ['😀@example.com', '😀@example.com'],
    ['"john doe"@example.com', '"john doe"@example.com'],
    ['"john  doe"@example.com', '"john  doe"@example.com'],
    ['" john "@example.com', '" john "@example.com'],
    ['"john"@example.com', 'john@example.com'],
    ['"john.doe"@example.com', 'john.doe@example.com'],
    ['"john..doe"@example.com', '"john..doe"@example.com'],
    ['"a@b"@example.com', '"a@b"@example.com'],
    ['"a\\"b\\\\c\\d"@example.com', '"a\\"b\\\\cd"@example.com'],
    ['""@example.com', '""@example.com'],
    ['john(at work)@(the)example(.net).com', 'john@example.com'],
    [' john @ example . com ', 'john@example.com'],
    ['john . doe@example.com', 'john.doe@example.com'],
    ['john."van doe".jr@example.com', '"john.van doe.jr"@example.com'],
    ['john@[192.168.0.1]', 'john@[192.168.0.1]'],
    ['john@[192. 168.0.1 ]', 'john@[192.168.0.1]'],
    ['"(not a comment"@example.com', '"(not a comment"@example.com'],
  ])('%j is kept as %j', (input, kept) => {
    expect(parsed(Email, input)).toBe(kept)
    expect(parsed(Email, kept)).toBe(kept)
  })

  it.each([
    '',
    'john',
    '@example.com',
    'john@',
    'john@@example.com',
    'john@doe@example.com',
    '.john@example.com',
    'john.@example.com',
    'john..doe@example.com',
    'john@.example.com',
    'john@example..com',
    'john@example.com.',
    'john doe@example.com',
    'john@exa mple.com',
    '"john@example.com',
    'john@example.com, jane@example.com',
    'John Doe <john@example.com>',
    '<john@example.com>',
    'john@example.com> <jane@example.com',
    'john@example.com>',
    '@route.example:john@example.com',
    'friends:john@example.com;',
    'john@(example.com',
    'john@[example.com',
    '\u200b',
  ])('%j is malformed', (input) => {
    expect(violations(Email, input)).toMatchObject([
      { path: '', code: 'EMAIL_INVALID', value: input },
    ])
  })

  it.each(['john@localhost', 'john@com', '"john.doe"@localhost', 'john@[IPv6:::1]', 'john@(a.b)c'])(
    '%j has no dot in its domain',
    (input) => {
      expect(violations(Email, input)).toMatchObject([
        { code: 'EMAIL_INVALID', message: 'must have a dot in its domain', value: input },
      ])
    },
  )

  it('has at most 255 characters, counted after NFC', () => {
    const rest = '@example.com'
    expect(accepts(Email, 'a'.repeat(243) + rest)).toBe(true)
    expect(accepts(Email, '😀'.repeat(243) + rest)).toBe(true)
    expect(accepts(Email, 'e\u0301'.repeat(243) + rest)).toBe(true)
    expect(violations(Email, 'a'.repeat(244) + rest)).toMatchObject([
      { code: 'REQUEST_FORMAT_INVALID', message: 'must have 1 to 255 characters' },
    ])
    expect(violations(Email, `${'a'.repeat(999)}${rest}`)[0]?.value).toHaveLength(320)
  })

  it('has no control characters, not even folded', () => {
    expect(accepts(Email, 'john\r\n @example.com')).toBe(false)
    expect(accepts(Email, '"jo\thn"@example.com')).toBe(false)
    expect(accepts(Email, 'john@example.com\u0000')).toBe(false)
  })

  it.each([1, null, undefined, {}, ['a@b.c']])(
    '%j is of another kind, not a bad email',
    (input) => {
      expect(violations(Email, input)[0]?.code).toBe('REQUEST_FORMAT_INVALID')
    },
  )

  it.each([
    '('.repeat(255),
    `${'('.repeat(120)}${')'.repeat(120)}a@b.cd`,
    `"${' '.repeat(250)}`,
    `"${'\\"'.repeat(120)}@`,
    `${'a.'.repeat(120)}@b.cd`,
    `a@${'b.'.repeat(125)}`,
    `${'@a,'.repeat(80)}:a@b.cd`,
    '<'.repeat(255),
    '@'.repeat(255),
  ])('costs milliseconds where it is made to cost more: %j', (input) => {
    const started = performance.now()
    for (let i = 0; i < 10; i += 1) accepts(Email, input)
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  const asParser = (input: string): string | undefined => {
    const read = parseAddresses({ input, startAt: 'mailbox', rfc6532: true })
    const mailbox = read?.addresses[0]
    if (mailbox?.type !== 'mailbox' || !mailbox.domain.includes('.')) return undefined
    return mailbox.node?.children[0]?.name === 'addr-spec' ? mailbox.address : undefined
  }

  it('is what the parser makes of a plain address, though that is not asked', () => {
    const atom = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~ü-]{1,8}$/u)
    const dotted = fc.array(atom, { minLength: 1, maxLength: 4 }).map((atoms) => atoms.join('.'))
    fc.assert(
      fc.property(dotted, dotted, (local, domain) => {
        const address = `${local}@${domain}.com`.normalize('NFC')
        expect(parsed(Email, address)).toBe(address)
        expect(asParser(address)).toBe(address)
      }),
    )
  })

  it('is an email exactly where the parser reads an addr-spec, and parses to itself', () => {
    const character = fc.constantFrom(...'aab.@ "()\\[]<>,;:😀')
    const before = fc.array(character, { maxLength: 8 })
    const after = fc.array(character, { maxLength: 4 })
    const at = fc.constantFrom('@b.c', '@(c)b.c', '@[1.2]')
    fc.assert(
      fc.property(before, at, after, (some, middle, rest) => {
        const input = [...some, middle, ...rest].join('')
        expect(accepts(Email, input)).toBe(asParser(input) !== undefined)
        if (accepts(Email, input))
          expect(parsed(Email, parsed(Email, input))).toBe(parsed(Email, input))
      }),
      { numRuns: 5000 },
    )
  })
})

describe('two emails', () => {
  const key = (input: string) => emailKey(parsed(Email, input))

  it('are compared without case', () => {
    expect(key('JOHN@Example.COM')).toBe('john@example.com')
    expect(key('ÄÖ@EXAMPLE.DE')).toBe(key('äö@example.de'))
  })

  it('are compared in no language: I is i, in Turkey too', () => {
    expect(key('INFO@EXAMPLE.COM')).toBe('info@example.com')
    expect(key('ınfo@example.com')).not.toBe(key('info@example.com'))
  })

  it('are the same whatever the sigma at the end of a word', () => {
    expect(key('ΟΔΟΣ@example.gr')).toBe(key('οδος@example.gr'))
    expect(key('ΟΔΟΣ@example.gr')).toBe(key('οδοσ@example.gr'))
  })

  it('stay two where only a language would make them one', () => {
    expect(key('straße@example.de')).not.toBe(key('strasse@example.de'))
  })

  it('have equal keys in either case, and a key is its own key', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Zäöüéñ]{1,10}$/u), (local) => {
        const email = `${local}@example.com`
        expect(key(email.toUpperCase())).toBe(key(email))
        expect(key(key(email))).toBe(key(email))
      }),
    )
  })
})
