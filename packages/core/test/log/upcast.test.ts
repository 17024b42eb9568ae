// Old versions are read through upcasters for ever (domain.md section 10); the chain here is made up.

import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/index.js'
import { type Upcaster, upcast } from '../../src/log/upcast.js'

const isRecord = (value: Json): value is Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const lift =
  (change: (payload: Readonly<Record<string, Json>>) => Json) =>
  (payload: Json): Json =>
    isRecord(payload) ? change(payload) : payload

const chain: ReadonlyArray<Upcaster> = [
  { type: 'A', from: 2, lift: lift(({ name, ...rest }) => ({ ...rest, names: [name ?? null] })) },
  { type: 'A', from: 1, lift: lift(({ nm, ...rest }) => ({ ...rest, name: nm ?? null })) },
  { type: 'B', from: 1, lift: lift((payload) => ({ ...payload, isNew: true })) },
]

describe('upcast', () => {
  it('leads from any version that was ever written to today’s, step by step', () => {
    expect(upcast(chain, 'A', { nm: 'x', k: 1 }, 1, 3)).toEqual({ names: ['x'], k: 1 })
    expect(upcast(chain, 'A', { name: 'x', k: 1 }, 2, 3)).toEqual({ names: ['x'], k: 1 })
  })

  it('leaves a payload of today’s version as it is', () => {
    const payload = { names: ['x'] }
    expect(upcast(chain, 'A', payload, 3, 3)).toBe(payload)
    expect(upcast([], 'A', payload, 1, 1)).toBe(payload)
  })

  it('goes by the type: each has its own versions', () => {
    expect(upcast(chain, 'B', { k: 1 }, 1, 2)).toEqual({ k: 1, isNew: true })
  })

  it('is undefined where the chain does not lead', () => {
    expect(upcast(chain, 'A', {}, 0, 3)).toBeUndefined()
    expect(upcast(chain, 'A', {}, 1, 4)).toBeUndefined()
    expect(upcast(chain, 'C', {}, 1, 2)).toBeUndefined()
    expect(upcast(chain, 'A', {}, 4, 3)).toBeUndefined()
    expect(upcast([], 'A', {}, 1, 2)).toBeUndefined()
  })
})
