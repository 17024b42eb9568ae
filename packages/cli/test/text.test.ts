// What the command line makes of text: lines of a stream, tables, and what is unseen.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openLineReader } from '../src/lines.js'
import { progressText } from '../src/progress.js'
import { sizeText } from '../src/sizes.js'
import { table } from '../src/table.js'
import { jsonText, visible } from '../src/visible.js'

const unseen = /[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Zl}\p{Zp}]/u
const strange = fc.constantFrom(
  '\u001b',
  '\u009b',
  '\u007f',
  '\u202e',
  '\u2028',
  '\ud800',
  '"',
  '\n',
)
const anyText = fc.string({
  unit: fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), strange),
  maxLength: 50,
})

it('lines are the same however the bytes are cut into chunks', () => {
  const line = fc.constantFrom('{"a":1}', '', ' ', '\r', 'é', 'too long a line', '"x"\r')
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 12 }),
      fc.boolean(),
      fc.array(fc.nat(8)),
      (texts, endsInLineFeed, cuts) => {
        const bytes = Buffer.from(texts.join('\n') + (endsInLineFeed ? '\n' : ''))
        const whole = openLineReader(8)
        const expected = [...whole.take(bytes), ...whole.end()]
        const reader = openLineReader(8)
        const found = []
        let from = 0
        for (const cut of cuts) {
          found.push(...reader.take(bytes.subarray(from, from + cut)))
          from += cut
        }
        found.push(...reader.take(bytes.subarray(from)), ...reader.end())
        expect(found).toEqual(expected)
      },
    ),
  )
})

it('a line of exactly the limit is read, one byte more is not, with CRLF too', () => {
  const reader = openLineReader(8)
  expect(reader.take(Buffer.from('12345678\n123456789\n12345678\r\n123456789\r\n'))).toEqual([
    { number: 1, text: '12345678' },
    { number: 2, fault: 'too-long' },
    { number: 3, text: '12345678' },
    { number: 4, fault: 'too-long' },
  ])
})

it('nothing unseen is left in a text or in JSON, whose value stays', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(unseen.test(visible(text))).toBe(false)
      const json = jsonText({ [text]: [text] })
      expect(unseen.test(json)).toBe(false)
      expect(JSON.parse(json)).toEqual({ [text]: [text] })
      expect(JSON.parse(jsonText([text], true))).toEqual([text])
    }),
  )
  expect(visible('a\u001b[2Jb\n\u202ec\u009b')).toBe('a\\u{1b}[2Jb\\u{a}\\u{202e}c\\u{9b}')
})

it('a table is never wider than its columns and loses no character', () => {
  const cell = fc.oneof(fc.stringMatching(/^[a-z ]{0,90}$/), fc.stringMatching(/^[a-z-]{0,50}$/))
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 40, max: 120 }),
      (rows, columns) => {
        const drawn = table(['one', 'two', 'three'], rows, columns)
        expect(Math.max(...drawn.split('\n').map((line) => line.length))).toBeLessThanOrEqual(
          columns,
        )
        expect(drawn).not.toContain('…')
        const letters = (text: string) => text.replace(/[^a-z-]/g, '').length
        expect(letters(drawn)).toBe(letters(`onetwothree${rows.flat().join('')}`))
      },
    ),
    { numRuns: 200 },
  )
})

it('a size is told in the largest unit that it fills', () => {
  expect([0, 1023, 1024, 1_048_575, 5_500_000_000].map(sizeText)).toEqual([
    '0 bytes',
    '1023 bytes',
    '1.0 KiB',
    '1.0 MiB',
    '5.1 GiB',
  ])
})

it('progress says how much, how fast, and how long still', () => {
  expect(progressText(12_000, 48_000, 'events', 500)).toBe(
    '12000 of 48000 events, 24000/s, 2 s left',
  )
})
