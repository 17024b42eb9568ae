// The log in memory finds by its index what going through every event would find, and looks at no more.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOwnType, matches, type Query, type Tag } from '../../src/index.js'
import type { StoredEvent } from '../../src/log/boxes.js'
import { isPersonalTag } from '../../src/log/tags.js'
import { openMemoryLog } from '../../src/memory/memory-log.js'
import type { Range } from '../../src/ports/range.js'
import { instantFromMillis } from '../../src/values/instant.js'
import { eventId, userId } from '../../src/values/token.js'

const now = instantFromMillis(Date.parse('2026-11-24T10:00:00Z'))

const stored = (
  position: number,
  type: string,
  owners: ReadonlyArray<string> = [],
): StoredEvent => ({
  position,
  id: eventId(`event-${position}`),
  type,
  schemaVersion: 1,
  recordedAt: now,
  occurredAt: now,
  commandId: null,
  actor: null,
  correlationId: null,
  causationId: null,
  payload: {},
  boxes: owners.map((owner) => ({ owner: userId(owner), content: null })),
})

const types = ['UserCreated', 'IdentityLinked', 'UsersMerged', 'shop.OrderPlaced']
const tags: ReadonlyArray<Tag> = [
  'user:a',
  'user:b',
  'installation:i',
  'identity:phone:1',
  'linked:3',
]
const owners = ['a', 'b', 'c']

const some = <A>(all: ReadonlyArray<A>) => fc.subarray([...all])

const push = fc.record({
  step: fc.constant('push' as const),
  type: fc.constantFrom(...types),
  // A tag given twice is one tag.
  tags: fc.array(fc.constantFrom(...tags), { maxLength: 4 }),
  owners: some(owners),
})
const erase = fc.record({ step: fc.constant('erase' as const), owners: some(owners) })

const item = fc.record(
  { types: some(types), tags: fc.array(fc.constantFrom(...tags), { maxLength: 3 }) },
  { requiredKeys: [] },
)
const small = fc.nat({ max: 30 })
const question = fc.record({
  query: fc.array(item, { maxLength: 3 }),
  range: fc.record(
    { after: small, upTo: small, limit: fc.nat({ max: 5 }), backwards: fc.boolean() },
    { requiredKeys: [] },
  ),
  which: fc.constantFrom('selfsame' as const, 'any' as const),
})

interface Plain {
  readonly stored: StoredEvent
  readonly tags: ReadonlyArray<Tag>
}

const scan = (
  lines: ReadonlyArray<Plain>,
  query: Query,
  { after = 0, upTo = lines.length, limit = lines.length, backwards = false }: Range,
  which: 'selfsame' | 'any',
): ReadonlyArray<StoredEvent> => {
  const found = lines
    .slice(after, upTo)
    .filter((line) => which === 'any' || !isOwnType(line.stored.type))
    .filter((line) => matches(query, line.stored.type, new Set(line.tags)))
    .map((line) => line.stored)
  return (backwards ? found.reverse() : found).slice(0, limit)
}

describe('a log in memory', () => {
  it('finds what going through every event finds, also after erasures', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 5, arbitrary: push }, erase), { maxLength: 40 }),
        fc.array(question, { minLength: 1, maxLength: 20 }),
        (steps, questions) => {
          const log = openMemoryLog()
          let lines: Plain[] = []
          for (const step of steps) {
            if (step.step === 'push') {
              const one = stored(lines.length + 1, step.type, step.owners)
              log.push(one, step.tags)
              lines.push({ stored: one, tags: step.tags })
              continue
            }
            const gone = step.owners.map(userId)
            log.erase(gone)
            lines = lines.map((line) => {
              const boxes = line.stored.boxes.filter(({ owner }) => !gone.includes(owner))
              return boxes.length === line.stored.boxes.length
                ? line
                : {
                    stored: { ...line.stored, boxes },
                    tags: line.tags.filter((tag) => !isPersonalTag(tag)),
                  }
            })
          }
          expect(log.head()).toBe(lines.length)
          for (const { query, range, which } of questions)
            expect(log.select(query, range, which)).toEqual(scan(lines, query, range, which))
        },
      ),
      { numRuns: process.env.SELFSAME_LONG ? 20_000 : 1000 },
    )
  })

  it('looks at the events of the tags asked for, and of the rarest of several, however many there are', () => {
    let looks = 0
    const counted = (position: number): StoredEvent => ({
      ...stored(position, ''),
      get type() {
        looks += 1
        return 'UserCreated'
      },
    })
    const log = openMemoryLog()
    for (let at = 1; at <= 5000; at += 1)
      log.push(counted(at), ['all', `user:${at % 1000}`, ...(at % 10 === 0 ? ['tenth'] : [])])
    const positions = (query: Query, range: Range = {}): ReadonlyArray<number> => {
      looks = 0
      return log.select(query, range, 'selfsame').map(({ position }) => position)
    }
    expect(positions([{ tags: ['user:7'] }])).toEqual([7, 1007, 2007, 3007, 4007])
    expect(looks).toBeLessThanOrEqual(10)
    expect(positions([{ tags: ['all', 'user:20', 'tenth'] }], { upTo: 2000 })).toEqual([20, 1020])
    expect(looks).toBeLessThanOrEqual(4)
    const ofMany = Array.from({ length: 500 }, (_, i) => ({ tags: [`user:${i}`] }))
    expect(positions(ofMany)).toHaveLength(2500)
    expect(looks).toBeLessThanOrEqual(5000)
    expect(positions([], { limit: 1, backwards: true })).toEqual([5000])
    expect(positions([{ types: ['UserCreated'] }], { after: 10, limit: 2 })).toEqual([11, 12])
    expect(looks).toBeLessThanOrEqual(4)
  })
})
