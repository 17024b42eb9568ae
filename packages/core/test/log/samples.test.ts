// Stored samples of every version of every event type: what was written once is read for ever. A file
// under samples/ is never changed; a new version of a type gets a folder of its own.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { catalog, fromStored, type StoredEvent, toStored } from '../../src/index.js'
import { E } from '../../src/prelude.js'

interface Sample {
  readonly stored: StoredEvent
  readonly event: unknown
}

const folder = new URL('./samples/v1/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
const sampleOf = (file: string): Sample => JSON.parse(readFileSync(new URL(file, folder), 'utf8'))

describe('samples of version 1', () => {
  it('stand there for every event type of the catalogue', () => {
    expect(files.map((name) => name.replace('.json', '')).sort()).toEqual(
      Object.keys(catalog).sort(),
    )
  })

  for (const file of files)
    it(`${file} is read as it was recorded`, () => {
      const { stored, event } = sampleOf(file)
      expect(stored.schemaVersion).toBe(1)
      const read = fromStored(stored)
      expect(E.isRight(read) ? read.right : read.left).toEqual(event)
      if (E.isRight(read)) expect(JSON.parse(JSON.stringify(toStored(read.right)))).toEqual(stored)
    })
})
