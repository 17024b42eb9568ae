// Old versions are read through upcasters for ever (domain.md section 10); the chain here is made up.

import { describe, expect, it } from 'vitest'
import type { Json } from '../../src/index.js'
import { type Parts, type Upcaster, upcast } from '../../src/log/upcast.js'
import { userId } from '../../src/values/token.js'

type Fields = Readonly<Record<string, Json>>

const isRecord = (value: Json): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const fields = (value: Json): Fields => (isRecord(value) ? value : {})

/** A made-up history of type A: `nm` became `name`, which then moved into the boxes as `names`. */
const chain: ReadonlyArray<Upcaster> = [
  {
    type: 'A',
    from: 2,
    lift: ({ payload, boxes }) => {
      const { name, ...rest } = fields(payload)
      return {
        payload: rest,
        boxes: boxes.map(({ owner, content }) => ({
          owner,
          content: { ...fields(content), names: [name ?? null] },
        })),
      }
    },
  },
  {
    type: 'A',
    from: 1,
    lift: ({ payload, boxes }) => {
      const { nm, ...rest } = fields(payload)
      return { payload: { ...rest, name: nm ?? null }, boxes }
    },
  },
  {
    type: 'B',
    from: 1,
    lift: ({ payload, boxes }) => ({ payload: { ...fields(payload), isNew: true }, boxes }),
  },
]

const open = (payload: Json, content?: Json): Parts => ({
  payload,
  boxes: content === undefined ? [] : [{ owner: userId('u1'), content }],
})

describe('upcast', () => {
  it('leads from any version that was ever written to today’s, step by step, boxes too', () => {
    const today = open({ k: 1 }, { secret: 's', names: ['x'] })
    expect(upcast(chain, 'A', open({ nm: 'x', k: 1 }, { secret: 's' }), 1, 3)).toEqual(today)
    expect(upcast(chain, 'A', open({ name: 'x', k: 1 }, { secret: 's' }), 2, 3)).toEqual(today)
  })

  it('does without the box of somebody who is erased', () => {
    expect(upcast(chain, 'A', open({ nm: 'x', k: 1 }), 1, 3)).toEqual(open({ k: 1 }))
  })

  it('leaves a payload of today’s version as it is', () => {
    const parts = open({ names: ['x'] })
    expect(upcast(chain, 'A', parts, 3, 3)).toBe(parts)
    expect(upcast([], 'A', parts, 1, 1)).toBe(parts)
  })

  it('goes by the type: each has its own versions', () => {
    expect(upcast(chain, 'B', open({ k: 1 }), 1, 2)).toEqual(open({ k: 1, isNew: true }))
  })

  it('is undefined where the chain does not lead', () => {
    expect(upcast(chain, 'A', open({}), 0, 3)).toBeUndefined()
    expect(upcast(chain, 'A', open({}), 1, 4)).toBeUndefined()
    expect(upcast(chain, 'C', open({}), 1, 2)).toBeUndefined()
    expect(upcast(chain, 'A', open({}), 4, 3)).toBeUndefined()
    expect(upcast([], 'A', open({}), 1, 2)).toBeUndefined()
  })
})
