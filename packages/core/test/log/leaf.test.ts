// The leaf of an event, which proofs stand on: golden values, since what was signed once must stay.

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { committedContent, leafOf as leafWith, type StoredEvent } from '../../src/index.js'
import { userId } from '../../src/values/token.js'

const stored = {
  position: 7,
  id: '018f0001-0000-7000-8000-000000000000',
  type: 'IdentityLinked',
  schemaVersion: 1,
  recordedAt: '2026-11-24T10:00:01.000Z',
  occurredAt: '2026-11-24T10:00:01.000Z',
  commandId: null,
  actor: 'support:7',
  correlationId: null,
  causationId: null,
  payload: { userId: 'u1', kind: 'email' },
  boxes: [{ owner: 'u1', content: { value: 'secret@example.com' } }],
} as unknown as StoredEvent

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')

const leafOf = (event: StoredEvent, of: Parameters<typeof leafWith>[1]): string =>
  leafWith(event, of, sha256Hex)

const commitments = [{ owner: userId('u1'), sha256: 'ab'.repeat(32) }]

const golden =
  '{"actor":"support:7","boxes":[{"owner":"u1","sha256":"abababababababababababababababababababababababababababababababab"}],"causationId":null,"commandId":null,"correlationId":null,"id":"018f0001-0000-7000-8000-000000000000","occurredAt":"2026-11-24T10:00:01.000Z","payload":{"kind":"email","userId":"u1"},"position":7,"recordedAt":"2026-11-24T10:00:01.000Z","schemaVersion":1,"type":"IdentityLinked"}'

describe('leafOf', () => {
  it('is canonical, and stays what it is', () => {
    expect(leafOf(stored, commitments)).toBe(golden)
  })

  it('does not contain what stands in the boxes', () => {
    expect(leafOf(stored, commitments)).not.toContain('secret')
  })

  it('survives erasure: it is the same without the boxes, under the same commitments', () => {
    expect(leafOf({ ...stored, boxes: [] }, commitments)).toBe(golden)
  })

  it('does not depend on the order of keys', () => {
    const turned = Object.fromEntries(Object.entries(stored).reverse()) as unknown as StoredEvent
    expect(leafOf(turned, commitments)).toBe(golden)
  })

  it('changes with every public part and every commitment', () => {
    const others: ReadonlyArray<StoredEvent> = [
      { ...stored, position: 8 },
      { ...stored, type: 'IdentityReleased' },
      { ...stored, actor: null },
      { ...stored, payload: { userId: 'u1', kind: 'phone' } },
    ]
    for (const other of others) expect(leafOf(other, commitments)).not.toBe(golden)
    expect(leafOf(stored, [{ owner: userId('u2'), sha256: 'ab'.repeat(32) }])).not.toBe(golden)
    expect(leafOf(stored, [])).not.toBe(golden)
  })
})

describe('a long payload', () => {
  const tokens = {
    commandId: 'c'.repeat(128),
    actor: 'a'.repeat(128),
    correlationId: 'o'.repeat(128),
  }
  /** The worst that an envelope can be around a payload of so many characters. */
  const worst = (text: string): StoredEvent =>
    ({
      ...stored,
      ...tokens,
      causationId: 'u'.repeat(128),
      type: `${'n'.repeat(64)}.${'N'.repeat(63)}`,
      position: Number.MAX_SAFE_INTEGER,
      payload: { text },
    }) as unknown as StoredEvent
  const around = '{"text":""}'.length
  const boxes = [{ owner: userId('u'.repeat(128)), sha256: 'ab'.repeat(32) }]

  it.each(['x', 'é', '€'])(
    'of %j stands itself in a leaf below 65,535 bytes up to 60,000',
    (char) => {
      const longest = char.repeat((60_000 - around) / Buffer.byteLength(char))
      const leaf = leafOf(worst(longest), boxes)
      expect(JSON.parse(leaf)).toMatchObject({ payload: { text: longest } })
      expect(Buffer.byteLength(leaf)).toBeLessThan(65_535)
    },
  )

  it.each(['x', 'é', '€', '😀'])('of %j stands by its digest above', (char) => {
    const text = char.repeat(Math.ceil((60_001 - around) / Buffer.byteLength(char)))
    const leaf = leafOf(worst(text), boxes)
    expect(JSON.parse(leaf)).toMatchObject({ payloadSha256: sha256Hex(`{"text":"${text}"}`) })
    expect(leaf).not.toContain('"payload"')
    expect(leafOf(worst(`${text}y`), boxes)).not.toBe(leaf)
  })

  it('in the order of keys that every leaf has', () => {
    const keys = Object.keys(JSON.parse(leafOf(worst('x'.repeat(70_000)), boxes)))
    expect(keys).toEqual([...keys].sort())
  })
})

describe('committedContent', () => {
  it('is the canonical text of a box', () => {
    expect(committedContent({ b: 1, a: ['é', null] })).toBe('{"a":["é",null],"b":1}')
  })
})
