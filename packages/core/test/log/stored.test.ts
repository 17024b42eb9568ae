// Events as they are stored (domain.md sections 9 and 10): what is public, what stands in a box, whose
// box it is, and what is left without it.

import { describe, expect, it } from 'vitest'
import { catalog, fromStored, type Recorded, type StoredEvent, toStored } from '../../src/index.js'
import { E } from '../../src/prelude.js'
import { readBackOf } from '../../src/values/identity.js'
import { canary, canaryTexts, lastErasure, play } from '../support/scenario.js'

const eventTypes = Object.keys(catalog)

const played = async (): Promise<ReadonlyArray<Recorded>> => {
  const world = await play()
  const before = await world.log()
  const { events } = await world.run(lastErasure)
  return [...before, ...events]
}

const ownersOf = ({ type, payload }: Recorded): ReadonlyArray<string> => {
  if (type === 'UsersMerged' || type === 'UsersUnmerged')
    return payload.installations.map(({ ownerId }) => ownerId)
  const owner = 'ownerId' in payload ? payload.ownerId : undefined
  return [owner ?? ('userId' in payload ? payload.userId : 'nobody')]
}

const right = (stored: StoredEvent): Recorded => {
  const read = fromStored(stored)
  if (E.isRight(read)) return read.right
  throw new Error(read.left.message)
}

describe('an event that is stored', () => {
  it('the story records every event type', async () => {
    expect([...new Set((await played()).map(({ type }) => type))].sort()).toEqual(
      [...eventTypes].sort(),
    )
  })

  it('comes back as it was, whatever its type', async () => {
    for (const event of await played()) {
      const json: StoredEvent = JSON.parse(JSON.stringify(toStored(event)))
      expect(right(json)).toEqual(event)
    }
  })

  it('holds no personal value in its public payload', async () => {
    for (const event of await played()) {
      const { boxes: _, ...open } = toStored(event)
      const text = JSON.stringify(open)
      for (const value of [...canaryTexts, 'canary', '60070080'])
        expect([event.type, text.includes(value)]).toEqual([event.type, false])
    }
  })

  it('holds each personal value in a box of the user it belongs to', async () => {
    const log = await played()
    const boxes = log.flatMap((event) => toStored(event).boxes.map((box) => ({ event, ...box })))
    for (const value of canaryTexts) {
      const holding = boxes.filter(({ content }) => JSON.stringify(content).includes(value))
      expect([value, holding.length > 0]).toEqual([value, true])
      for (const { event, owner } of holding) expect(ownersOf(event)).toContain(owner)
    }
  })

  it('an event that moves an installation carries again, for its new user, what the installation keeps', async () => {
    const log = await played()
    const carrying = log.filter(({ type }) =>
      ['InstallationAttached', 'UsersMerged', 'UsersUnmerged'].includes(type),
    )
    const holding = carrying.filter((event) =>
      JSON.stringify(event.payload).includes(canary.deviceName),
    )
    expect(holding.map(({ type }) => type)).toEqual([
      'UsersMerged',
      'UsersUnmerged',
      'InstallationAttached',
      'UsersMerged',
    ])
    const kept = JSON.stringify(holding[0]?.payload)
    for (const value of [canary.applicationUserId, canary.pushServiceToken, canary.seat])
      expect(kept).toContain(value)
    const detached = JSON.stringify(holding[2]?.payload)
    for (const value of [canary.applicationUserId, canary.seat])
      expect(detached).not.toContain(value)
  })

  it('UsersMerged holds no value except carried ones, in the box of whom they belong to', async () => {
    const merges = (await played()).filter(({ type }) => type === 'UsersMerged')
    expect(merges.some((event) => toStored(event).boxes.length > 0)).toBe(true)
    for (const event of merges) {
      const { payload, boxes } = toStored(event)
      for (const { owner, content } of boxes) {
        expect(Object.keys(content ?? {})).toEqual(['carried'])
        expect(ownersOf(event)).toContain(owner)
      }
      for (const field of Object.keys(event.payload).filter((key) => key !== 'carried'))
        expect(payload).toHaveProperty(field)
      const names = JSON.stringify(boxes)
      for (const value of [canary.firstName, canary.phone, canary.tag, canary.text])
        expect(names).not.toContain(value)
    }
  })

  it('names an identity by the position of the IdentityLinked that gave it', async () => {
    const log = await played()
    const linked = (kind: string) =>
      log.flatMap((event) =>
        event.type === 'IdentityLinked' && event.payload.kind === kind ? [event.position] : [],
      )
    const released = log.find(({ type }) => type === 'IdentityReleased')
    expect(released?.payload).toEqual({
      userId: expect.any(String),
      kind: 'email',
      linked: linked('email')[0],
    })
    const merged = log.find(({ type }) => type === 'UsersMerged')
    expect(merged?.payload).toMatchObject({
      identities: {
        moved: [...linked('phone'), ...linked('email')],
        released: [linked('externalUserId')[0]],
      },
    })
  })

  it('opens without its boxes: every personal value reads erased, the rest is untouched', async () => {
    for (const event of await played()) {
      const stored = toStored(event)
      const read = readBackOf(right({ ...stored, boxes: [] }))
      const text = JSON.stringify(read)
      for (const value of canaryTexts) expect(text.includes(value)).toBe(false)
      expect(toStored(read).payload).toEqual(stored.payload)
      if (event.type === 'IdentityLinked')
        expect(read.payload).toMatchObject({ value: `erased:${event.position}` })
      else if ('fields' in event.payload && 'values' in event.payload)
        expect(read.payload).toMatchObject({
          values: Object.fromEntries(
            Object.keys(event.payload.values).map((field) => [field, 'erased']),
          ),
        })
    }
  })

  it('checks shape, never today’s validity: values that no codec would take are read', () => {
    const [event] = [
      {
        position: 1,
        id: 'e',
        type: 'IdentityLinked',
        schemaVersion: 1,
        recordedAt: 'a time',
        occurredAt: 'a time',
        commandId: null,
        actor: null,
        correlationId: null,
        causationId: null,
        payload: { userId: 'u', kind: 'email' },
        boxes: [{ owner: 'u', content: { value: 'no email at all' } }],
      },
    ] as unknown as ReadonlyArray<StoredEvent>
    if (event === undefined) throw new Error('one event')
    expect(right(event).payload).toEqual({ userId: 'u', kind: 'email', value: 'no email at all' })
  })
})

describe('what cannot be read is Unreadable, with its position', () => {
  const broken = async (change: object) => {
    const [first] = await played()
    if (first === undefined) throw new Error('an empty log')
    const read = fromStored({ ...toStored(first), ...change })
    return E.isLeft(read) ? read.left : read.right
  }

  it('an unknown type', async () => {
    expect(await broken({ type: 'Nonsense' })).toMatchObject({ _tag: 'Unreadable', position: 1 })
    expect(await broken({ type: 'toString' })).toMatchObject({ _tag: 'Unreadable' })
  })

  it('a version of the future', async () => {
    expect(await broken({ schemaVersion: 2 })).toMatchObject({
      _tag: 'Unreadable',
      message: expect.stringContaining('version 2'),
    })
  })

  it('a payload of another shape', async () => {
    for (const payload of [null, [], {}, { scope: 'user', name: 1 }])
      expect(await broken({ payload })).toMatchObject({ _tag: 'Unreadable' })
  })
})
