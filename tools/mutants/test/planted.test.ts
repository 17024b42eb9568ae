// Bugs of the kind that happen, each as one change of one line of core: the kit finds every one.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lookFor, openPlanted } from '../src/planting.js'
import { plants } from '../src/plants.js'
import type { Lab } from '../src/trial.js'

const seed = 1
const folder = mkdtempSync(join(tmpdir(), 'selfsame-planted-'))
let lab: Lab

beforeAll(async () => {
  lab = await openPlanted(folder, seed)
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a bug in a line of core', () => {
  test.each(plants)(
    '$bug: the kit finds it',
    async (plant) => {
      const { outcome, seconds } = await lookFor(lab, plant, 90)
      expect(outcome.status).toBe('killed')
      if (outcome.status === 'killed')
        console.info(
          `| ${plant.bug} | ${outcome.law} | ${seed}, "${outcome.story}" of property ${outcome.property} | ${seconds.toFixed(1)} |`,
        )
    },
    60_000,
  )

  test('the program without any of them breaks no law', async () => {
    for (const property of [0, 1, 2])
      expect((await lab.reach({ property, story: 0 })).numbers.length).toBeGreaterThan(0)
  }, 60_000)
})
