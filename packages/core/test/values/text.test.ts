import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codePoints, text } from '../../src/values/text.js'
import { accepts, parsed, violations } from './parsing.js'

const Name = text('a name', 5)

describe('text', () => {
  it('is stored in NFC', () => {
    expect(parsed(Name, 'Zoe\u0308')).toBe('Zo\u00eb')
    expect(parsed(Name, '\u212b')).toBe('\u00c5')
  })

  it('counts code points after NFC', () => {
    expect(accepts(Name, '😀😀😀😀😀')).toBe(true)
    expect(accepts(Name, '😀😀😀😀😀😀')).toBe(false)
    expect(parsed(Name, 'e\u0301'.repeat(5))).toBe('é'.repeat(5))
    expect(accepts(Name, 'é'.repeat(6))).toBe(false)
    // U+0958 is two code points in NFC.
    expect(accepts(Name, '\u0958'.repeat(3))).toBe(false)
  })

  it('says its limits', () => {
    expect(violations(Name, 'abcdef')[0]?.message).toBe('must have 1 to 5 characters')
    expect(violations(Name, '')[0]?.message).toBe('must have 1 to 5 characters')
    expect(violations(text('a value', 5, 0), 'abcdef')[0]?.message).toBe(
      'must have at most 5 characters',
    )
  })

  it('may be empty where its least length is 0', () => {
    expect(parsed(text('a value', 5, 0), '')).toBe('')
  })

  it.each(['\u0000', '\n', '\t', '\u001f', '\u007f', '\u0080', '\u0085', '\u009f'])(
    'refuses the control character %j',
    (character) => {
      expect(violations(Name, `a${character}`)[0]?.message).toContain('control characters')
    },
  )

  it.each(['\ud800', '\udfff', 'a\udc00\ud800'])('refuses the lone surrogate in %j', (input) => {
    expect(violations(Name, input)[0]?.message).toContain('lone surrogates')
  })

  it.each([1, null, undefined, true, {}, ['a']])('refuses %j, which is no string', (input) => {
    expect(violations(Name, input)[0]?.message).toBe('must be a string')
  })

  it('costs little on a megabyte of marks, which normalising takes seconds to sort', () => {
    const started = performance.now()
    const marks = '\u0301\u0316'
    for (let i = 0; i < 16; i += 1) {
      expect(accepts(text('a value', 4096), marks.repeat(16_000))).toBe(false)
    }
    expect(performance.now() - started).toBeLessThan(2_000)
    expect(accepts(text('a value', 4096), `a${marks.repeat(128)}`)).toBe(true)
    expect(accepts(text('a value', 4096), `a${marks.repeat(128)}\u0301`)).toBe(false)
  })

  it('parses to itself once parsed, and to what NFC makes of any form', () => {
    const Any = text('a value', 4096)
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (input) => {
        if (!accepts(Any, input)) return
        const stored = parsed(Any, input)
        expect(stored).toBe(input.normalize('NFC'))
        expect(parsed(Any, stored)).toBe(stored)
        expect(parsed(Any, input.normalize('NFD'))).toBe(stored)
      }),
    )
  })

  it('accepts exactly the lengths it says, whatever the form they come in', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 30 }).filter((s) => !/[\p{Cc}\p{Cs}]/u.test(s)),
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom('NFC', 'NFD'),
        (input, max, form) => {
          const length = [...input.normalize('NFC')].length
          expect(accepts(text('a value', max), input.normalize(form))).toBe(
            length >= 1 && length <= max,
          )
        },
      ),
    )
  })
})

describe('the length of a text', () => {
  it('counts code points, not UTF-16 units', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (input) => {
        expect(codePoints(input)).toBe([...input].length)
      }),
    )
  })

  it('stops counting where there are enough', () => {
    expect(codePoints('abcdef', 3)).toBeGreaterThan(3)
    expect(codePoints('abc', 3)).toBe(3)
  })
})
