// Tags for look-up, derived from the payload, and the queries over them.

import { describe, expect, it } from 'vitest'
import {
  installationTag,
  isPersonalTag,
  matches,
  type Recorded,
  tagsOf,
  userTag,
} from '../../src/index.js'
import { canary, lastErasure, play } from '../support/scenario.js'

const played = async (): Promise<ReadonlyArray<Recorded>> => {
  const world = await play()
  const before = await world.log()
  return [...before, ...(await world.run(lastErasure)).events]
}

const idsIn = (payload: object, keys: ReadonlyArray<string>): ReadonlyArray<string> => {
  const found: string[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit)
    else if (typeof value === 'object' && value !== null)
      for (const [key, part] of Object.entries(value)) {
        if (keys.includes(key) && typeof part === 'string') found.push(part)
        visit(part)
      }
  }
  visit(payload)
  return found
}

describe('tagsOf', () => {
  it('names every installation an event is about', async () => {
    for (const event of await played())
      for (const id of idsIn(event.payload, ['pushRegistrationId']))
        expect(tagsOf(event)).toContain(installationTag(id))
  })

  it('names every user whose state an event changes', async () => {
    for (const event of await played())
      for (const id of idsIn(event.payload, ['survivorId', 'absorbedId', 'fromUserId']))
        expect(tagsOf(event)).toContain(userTag(id))
    for (const event of (await played()).filter(
      ({ type }) => type !== 'UsersMerged' && type !== 'UsersUnmerged',
    ))
      for (const id of idsIn(event.payload, ['userId']))
        expect(tagsOf(event)).toContain(userTag(id))
  })

  it('names an identity by its key where it is linked, by its position everywhere else', async () => {
    const log = await played()
    const linked = log.filter(({ type }) => type === 'IdentityLinked')
    expect(linked.slice(0, 3).flatMap(tagsOf).filter(isPersonalTag)).toEqual([
      `identity:externalUserId:${canary.externalUserId}`,
      `identity:phone:${canary.phone}`,
      `identity:email:${canary.email}`,
    ])
    const first = linked[0]?.position
    const naming = log
      .filter((event) => tagsOf(event).includes(`linked:${first}`))
      .map(({ type }) => type)
    expect(naming).toEqual(['UsersMerged', 'UsersUnmerged', 'UserErased'])
  })

  it('is personal in the keys of identities only', async () => {
    for (const tag of (await played()).flatMap(tagsOf))
      expect([tag, isPersonalTag(tag)]).toEqual([tag, /canary|60070080/.test(tag)])
  })

  it('names an attribute by its scope and name', async () => {
    const [first] = await played()
    expect(first && tagsOf(first)).toEqual(['attribute:user:orders'])
  })
})

describe('a query', () => {
  const tags = new Set(['user:1', 'installation:i'])

  it('without items matches every event', () => {
    expect(matches([], 'A', tags)).toBe(true)
  })

  it('matches an event that matches one of its items', () => {
    expect(matches([{ types: ['B'] }, { tags: ['user:1'] }], 'A', tags)).toBe(true)
    expect(matches([{ types: ['B'] }, { tags: ['user:2'] }], 'A', tags)).toBe(false)
  })

  it('an item without types matches every type, without tags every tag', () => {
    expect(matches([{}], 'A', tags)).toBe(true)
    expect(matches([{ types: [], tags: [] }], 'A', tags)).toBe(true)
    expect(matches([{ types: ['A', 'B'] }], 'A', tags)).toBe(true)
  })

  it('an item matches an event that has one of its types and every one of its tags', () => {
    expect(matches([{ types: ['A'], tags: ['user:1', 'installation:i'] }], 'A', tags)).toBe(true)
    expect(matches([{ types: ['A'], tags: ['user:1', 'installation:j'] }], 'A', tags)).toBe(false)
    expect(matches([{ types: ['B'], tags: ['user:1'] }], 'A', tags)).toBe(false)
  })
})
