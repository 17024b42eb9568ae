// Stored samples of every version of every event type: what was written once is read for ever. A file
// under samples/ is never changed; a new version of a type gets a file in a folder of its own.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { catalog, type EventType, fromStored, type StoredEvent, toStored } from '../../src/index.js'
import { E } from '../../src/prelude.js'

interface Sample {
  readonly stored: StoredEvent
  readonly event: { readonly payload: Readonly<Record<string, unknown>> }
}

const folderOf = (version: number): URL => new URL(`./samples/v${version}/`, import.meta.url)
const typesIn = (version: number): ReadonlyArray<string> =>
  readdirSync(folderOf(version))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.replace('.json', ''))
    .sort()
const sampleOf = (version: number, type: string): Sample =>
  JSON.parse(readFileSync(new URL(`${type}.json`, folderOf(version)), 'utf8'))

const reads = ({ stored }: Sample, event: unknown): void => {
  const read = fromStored(stored)
  expect(E.isRight(read) ? read.right : read.left).toEqual(event)
  if (E.isRight(read))
    expect(JSON.parse(JSON.stringify(toStored(read.right))).boxes).toEqual(stored.boxes)
}

type Installations = ReadonlyArray<object>

/** What version 2 says beside what version 1 said: whose the values of an installation are. */
const sinceVersion1: Partial<Record<EventType, (payload: Sample['event']['payload']) => object>> = {
  InstallationUpdated: () => ({}),
  InstallationAttached: () => ({}),
  UsersMerged: ({ installations, survivorId }) => ({
    installations: (installations as Installations).map((one) => ({ ...one, ownerId: survivorId })),
  }),
  UsersUnmerged: ({ installations, absorbedId }) => ({
    installations: (installations as Installations).map((one) => ({ ...one, ownerId: absorbedId })),
    remaining: [],
  }),
}

const versions = Object.entries(catalog).map(([type, { version }]) => [type, version] as const)

describe('samples of version 1', () => {
  it('stand there for every event type of the catalogue', () => {
    expect(typesIn(1)).toEqual(versions.map(([type]) => type).sort())
  })

  for (const [type, version] of versions)
    it(`${type} is read as it was recorded, at version ${version}`, () => {
      const sample = sampleOf(1, type)
      expect(sample.stored.schemaVersion).toBe(1)
      const more = sinceVersion1[type as EventType]
      expect(more !== undefined).toBe(version > 1)
      const payload = { ...sample.event.payload, ...more?.(sample.event.payload) }
      reads(sample, { ...sample.event, schemaVersion: version, payload })
    })
})

describe('samples of version 2', () => {
  it('stand there for every event type that has one', () => {
    expect(typesIn(2)).toEqual(versions.flatMap(([type, to]) => (to >= 2 ? [type] : [])).sort())
  })

  for (const type of typesIn(2))
    it(`${type} is read as it was recorded, and stored again as it was`, () => {
      const sample = sampleOf(2, type)
      expect(sample.stored.schemaVersion).toBe(2)
      reads(sample, sample.event)
      const read = fromStored(sample.stored)
      if (E.isRight(read))
        expect(JSON.parse(JSON.stringify(toStored(read.right)))).toEqual(sample.stored)
    })

  it('without a box the values that stood in it read erased, and all others as they were', () => {
    const { stored, event } = sampleOf(2, 'UsersUnmerged')
    const carried = event.payload.carried as ReadonlyArray<object>
    expect(stored.boxes).toHaveLength(4)
    for (const gone of stored.boxes) {
      const read = fromStored({ ...stored, boxes: stored.boxes.filter((box) => box !== gone) })
      const left = E.isRight(read) && 'carried' in read.right.payload && read.right.payload.carried
      const names = Object.values(gone.content as { carried: ReadonlyArray<object> }).flat()
      expect(left).toEqual(
        carried.map((one) =>
          names.some((name) => JSON.stringify(name) === JSON.stringify(one))
            ? { deviceName: '\u0000erased' }
            : one,
        ),
      )
    }
  })
})
