import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { E } from '../../src/prelude.js'
import { canonicalJson, equalJson, type Json, jsonOf, parseJson } from '../../src/values/json.js'

const MIB = 1_048_576

const copy = (input: unknown): Json => {
  const result = parseJson(input)
  if (E.isRight(result)) return result.right
  throw new Error(`refused: ${JSON.stringify(result.left.slice(0, 3))}`)
}

const wrong = (input: unknown) => {
  const result = parseJson(input)
  if (E.isLeft(result)) return result.left
  throw new Error('accepted')
}

const exceeded = (input: unknown): boolean => {
  const found = wrong(input)
  return found.length === 1 && found[0]?.code === 'LIMIT_EXCEEDED'
}

const nested = (levels: number): unknown => {
  let value: unknown = 1
  for (let i = 0; i < levels; i += 1) value = i % 2 === 0 ? [value] : { value }
  return value
}

describe('a copy of JSON', () => {
  it('is deep and equal', () => {
    const input = { a: [1, 'x', null, true, { b: {} }], c: [] }
    const copied = copy(input)
    expect(copied).toEqual(input)
    input.a.push(2)
    expect(copied).toEqual({ a: [1, 'x', null, true, { b: {} }], c: [] })
  })

  it('leaves undefined properties out', () => {
    expect(copy({ a: undefined, b: 1 })).toStrictEqual({ b: 1 })
  })

  it('makes 0 of -0', () => {
    expect(copy([-0])).toStrictEqual([0])
  })

  it('takes objects without a prototype and of another realm, and gives plain ones', () => {
    const bare: Record<string, unknown> = Object.create(null)
    bare.a = 1
    expect(Object.getPrototypeOf(copy(bare))).toBe(Object.prototype)
    const foreign = Object.create(Object.create(null, { isPrototypeOf: { value: () => false } }), {
      a: { value: 1, enumerable: true },
    })
    expect(copy(foreign)).toEqual({ a: 1 })
  })

  it('keeps __proto__, constructor and toString as own data', () => {
    const text = '{"__proto__":{"admin":true},"constructor":1,"toString":{"__proto__":2}}'
    const copied = copy(JSON.parse(text))
    expect(JSON.stringify(copied)).toBe(text)
    expect(Object.getPrototypeOf(copied)).toBe(Object.prototype)
    expect('admin' in Object(copied)).toBe(false)
  })

  it('ignores what JSON does not have: inherited, hidden and symbol keys', () => {
    const input = Object.defineProperty({ [Symbol('s')]: 1, a: 1 }, 'hidden', { value: 1 })
    expect(copy(input)).toEqual({ a: 1 })
  })

  it('copies any JSON to what JSON itself would', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (input) => {
        expect(JSON.stringify(copy(input))).toBe(JSON.stringify(input))
      }),
    )
  })
})

describe('what is not JSON', () => {
  it.each([
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a bigint', 1n],
    ['NaN', Number.NaN],
    ['Infinity', Number.NEGATIVE_INFINITY],
    ['a Date', new Date(0)],
    ['a Map', new Map()],
    ['a typed array', new Uint8Array(1)],
    ['a boxed string', Object('a')],
    ['a class instance', new (class Point {})()],
    ['an object with a prototype of its own', Object.create({ a: 1 })],
    ['undefined', undefined],
  ])('%s is a violation at its path, and at the root', (_, value) => {
    expect(wrong([value])).toMatchObject([{ path: '/0', code: 'REQUEST_FORMAT_INVALID' }])
    expect(wrong(value)).toMatchObject([{ path: '', code: 'REQUEST_FORMAT_INVALID' }])
    if (value !== undefined) {
      expect(wrong({ a: { 'b/c': [1, value] } })).toMatchObject([{ path: '/a/b~1c/1' }])
    }
  })

  it('is reported whole, in order', () => {
    const found = wrong({ a: () => 1, b: { c: [undefined, 1n, 2] }, d: Number.NaN })
    expect(found.map(({ path }) => path)).toEqual(['/a', '/b/c/0', '/b/c/1', '/d'])
  })

  it('is listed up to a hundred', () => {
    expect(wrong(Array(5000).fill(undefined))).toHaveLength(100)
    expect(wrong(new Array(300))).toHaveLength(100)
  })

  it('may throw when it is read', () => {
    const throwing = {
      ok: 1,
      get bad(): number {
        throw new Error('no')
      },
    }
    expect(wrong({ a: throwing })).toMatchObject([
      { path: '/a/bad', message: 'cannot be read: it throws' },
    ])
  })

  it('may be a proxy: read once where it behaves, a violation where it throws', () => {
    const boom = () => {
      throw new Error('no')
    }
    expect(copy(new Proxy({ a: 1 }, {}))).toEqual({ a: 1 })
    expect(copy(new Proxy([1], {}))).toEqual([1])
    expect(wrong([new Proxy({}, { getPrototypeOf: boom })])).toMatchObject([{ path: '/0' }])
    expect(wrong([new Proxy({}, { ownKeys: boom })])).toMatchObject([{ path: '/0' }])
    expect(wrong(new Proxy({ a: 1 }, { get: boom }))).toMatchObject([{ path: '/a' }])
    expect(wrong([new Proxy([], { get: boom })])).toMatchObject([{ path: '/0' }])
    const revoked = Proxy.revocable({}, {})
    revoked.revoke()
    expect(wrong(revoked.proxy)).toMatchObject([{ path: '' }])
  })

  it('never makes the copy throw', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
        (input) => {
          const result = parseJson(input)
          if (E.isRight(result)) expect(jsonOf(result.right)).toBe(result.right)
          else expect(result.left.length).toBeGreaterThan(0)
        },
      ),
    )
  })
})

describe('the limits of a command', () => {
  it('are 32 levels', () => {
    expect(copy(nested(32))).toEqual(nested(32))
    expect(exceeded(nested(33))).toBe(true)
    expect(exceeded(nested(100_000))).toBe(true)
    expect(wrong([[1], nested(32)])[0]?.path.split('/')).toHaveLength(33)
  })

  it('are crossed by a cycle', () => {
    const cycle: Record<string, unknown> = { a: 1, bad: () => 1 }
    cycle.self = cycle
    expect(exceeded(cycle)).toBe(true)
    const list: Array<unknown> = []
    list.push(list)
    expect(exceeded(list)).toBe(true)
  })

  it('are 1 MiB of UTF-8 JSON, to the byte', () => {
    expect(copy('a'.repeat(MIB - 2))).toHaveLength(MIB - 2)
    expect(exceeded('a'.repeat(MIB - 1))).toBe(true)
    expect(E.isRight(parseJson('€'.repeat((MIB - 2) / 3)))).toBe(true)
    expect(exceeded('€'.repeat((MIB - 2) / 3 + 1))).toBe(true)
    expect(exceeded('\u0001'.repeat(MIB / 6 + 1))).toBe(true)
  })

  it('count what JSON.stringify would write, to the byte', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.boolean(), (value, over) => {
        const wrapped = { value, gone: undefined, pad: '' }
        const rest = MIB - Buffer.byteLength(JSON.stringify(wrapped))
        const padded = { ...wrapped, pad: 'p'.repeat(over ? rest + 1 : rest) }
        expect(E.isRight(parseJson(padded))).toBe(!over)
      }),
      { numRuns: 50 },
    )
  })

  it('end the walk, so that wide and shared inputs cost little', () => {
    const started = performance.now()
    let shared: unknown = ['x']
    for (let i = 0; i < 25; i += 1) shared = Array(1000).fill(shared)
    expect(exceeded(shared)).toBe(true)
    const empty = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, undefined]))
    expect(exceeded(Array(100_000).fill(empty))).toBe(true)
    expect(exceeded(new Array(4_000_000_000))).toBe(true)
    expect(exceeded('a'.repeat(100_000_000))).toBe(true)
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  it('come before everything else that is wrong', () => {
    expect(exceeded({ bad: () => 1, big: 'a'.repeat(MIB) })).toBe(true)
  })
})

describe('canonical JSON', () => {
  it('is the example of RFC 8785', () => {
    const input: Json = JSON.parse(
      `{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],` +
        `"string":"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",` +
        `"literals":[null,true,false]}`,
    )
    expect(canonicalJson(input)).toBe(
      `{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],` +
        `"string":"€$\\u000f\\nA'B\\"\\\\\\\\\\"/"}`,
    )
  })

  it('sorts keys by UTF-16 code units, as RFC 8785 does', () => {
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6', '10', '9']
    const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])))
    expect(Object.keys(JSON.parse(text)).length).toBe(keys.length)
    expect(
      [...text.matchAll(/"((?:[^"\\]|\\.)*)":/gu)].map((m) => JSON.parse(`"${m[1]}"`)),
    ).toEqual(['\r', '1', '10', '9', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'])
  })

  it.each([
    [0, '0'],
    [-0, '0'],
    [1e21, '1e+21'],
    [1e-7, '1e-7'],
    [2 ** 53, '9007199254740992'],
    [5e-324, '5e-324'],
  ])('writes %d as ECMAScript does', (number, text) => {
    expect(canonicalJson(number)).toBe(text)
  })

  it('writes __proto__ as any other key', () => {
    expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"a":2}}'))).toBe(
      '{"__proto__":{"a":2},"b":1}',
    )
  })

  it('sorts many keys as it sorts few', () => {
    const keys = Array.from({ length: 200 }, (_, i) => `k${(i * 7919) % 1000}`)
    const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, 1])))
    expect(text).toBe(
      `{${[...new Set(keys)]
        .sort()
        .map((k) => `"${k}":1`)
        .join(',')}}`,
    )
  })

  it('reads back to an equal value, and equal values have equal texts', () => {
    const shuffled = (value: Json): Json => {
      if (value === null || typeof value !== 'object') return value
      if (Array.isArray(value)) return value.map(shuffled)
      const entries: ReadonlyArray<readonly [string, Json]> = Object.entries(value)
      return Object.fromEntries(entries.map(([k, v]) => [k, shuffled(v)] as const).reverse())
    }
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (input) => {
        const value = copy(input)
        const text = canonicalJson(value)
        expect(equalJson(copy(JSON.parse(text)), value)).toBe(true)
        expect(canonicalJson(shuffled(value))).toBe(text)
        expect(equalJson(shuffled(value), value)).toBe(true)
      }),
    )
  })
})

describe('equality of JSON', () => {
  it('is that of the canonical texts', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }), (a, b) => {
        const [one, other] = [copy(a), copy(b)]
        expect(equalJson(one, other)).toBe(canonicalJson(one) === canonicalJson(other))
      }),
    )
  })

  it('reads own properties only', () => {
    expect(equalJson({ a: 1 }, { b: 1 })).toBe(false)
    expect(equalJson(JSON.parse('{"toString":1}'), { a: 1 })).toBe(false)
    expect(equalJson(JSON.parse('{"__proto__":{}}'), JSON.parse('{"a":{}}'))).toBe(false)
    expect(equalJson([], {})).toBe(false)
    expect(equalJson([1], [1, 2])).toBe(false)
    expect(equalJson({}, [])).toBe(false)
    expect(equalJson(null, {})).toBe(false)
  })
})

describe('data of the engine seen as JSON', () => {
  it('is the very value', () => {
    const value = { a: [1, 'x', null, true] }
    expect(jsonOf(value)).toBe(value)
  })

  it.each([undefined, { a: undefined }, [() => 1], new Date(0), Number.NaN])(
    'throws on %j: that is a bug',
    (value) => {
      expect(() => jsonOf(value)).toThrow(TypeError)
    },
  )
})
