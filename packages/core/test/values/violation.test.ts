import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { t } from '../../src/prelude.js'
import { codec, object } from '../../src/values/codec.js'
import { pointer, reject, toViolations } from '../../src/values/violation.js'
import { violations } from './parsing.js'

const Refused = codec<string>('nothing', (input, context) => reject(input, context, 'is refused'))
const Named = codec<string>('nothing', (input, context) =>
  reject(input, context, 'is refused', 'PHONE_INVALID', `${input}`),
)

describe('a path', () => {
  it('is a JSON Pointer by RFC 6901', () => {
    expect(pointer([])).toBe('')
    expect(pointer(['a', 0, 'b'])).toBe('/a/0/b')
    expect(pointer(['a/b', 'm~n', ''])).toBe('/a~1b/m~0n/')
  })

  it('can be read back to its segments, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (segments) => {
        const read = pointer(segments)
          .split('/')
          .slice(1)
          .map((s) => s.replaceAll('~1', '/').replaceAll('~0', '~'))
        expect(read).toEqual(segments)
      }),
    )
  })
})

describe('the violations of a decode', () => {
  it('name a place below the codec, the root being the empty path', () => {
    expect(violations(Refused, 1)).toEqual([
      { path: '', code: 'REQUEST_FORMAT_INVALID', message: 'is refused' },
    ])
    expect(
      violations(object('a', { x: object('b', { y: Refused }, {}) }, {}), { x: { y: 1 } }),
    ).toMatchObject([{ path: '/x/y' }])
  })

  it('keep the code and the value of a phone or an email', () => {
    expect(violations(Named, '12')).toEqual([
      { path: '', code: 'PHONE_INVALID', message: 'is refused', value: '12' },
    ])
  })

  it('cut a value at 320 code points, never inside one', () => {
    expect(violations(Named, 'a'.repeat(321))[0]?.value).toBe('a'.repeat(320))
    expect(violations(Named, 'a'.repeat(320))[0]?.value).toBe('a'.repeat(320))
    expect(violations(Named, '😀'.repeat(400))[0]?.value).toBe('😀'.repeat(320))
    expect(violations(Named, `a${'😀'.repeat(400)}`)[0]?.value).toBe(`a${'😀'.repeat(319)}`)
  })

  it('come in the order they were found, each path and message once', () => {
    const twice = codec<string>('nothing', (input, context) => {
      const one = reject(input, context, 'b')
      const other = reject(input, context, 'a')
      return t.failures([one, other, one].flatMap((e) => (e._tag === 'Left' ? e.left : [])))
    })
    expect(violations(twice, 1).map(({ message }) => message)).toEqual(['b', 'a'])
  })

  it('read the errors of a plain io-ts codec, too', () => {
    const plain = t.type({ a: t.number }).decode({ a: 'x' })
    expect(plain._tag === 'Left' ? toViolations(plain.left) : []).toEqual([
      { path: '/a', code: 'REQUEST_FORMAT_INVALID', message: 'must be number' },
    ])
  })
})
