// Every way of tampering is reported, by ours and by a verifier that shares no code with it. The long
// run is `pnpm tamper --long`.

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { runTamperings } from '../src/run.js'
import { hasPython } from '../src/stranger.js'
import { tamperings } from '../src/tamperings.js'

const seed = Number(process.env.SELFSAME_SEED ?? 1)
const cases = 200

const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'selfsame-tamper-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it(`${cases} random tamperings are all reported`, { timeout: 240_000 }, async () => {
  const asksStranger = hasPython()
  const { tried, asked, wrong } = await runTamperings({ cases, seed, folder, asksStranger })
  console.info(`seed ${seed}: ${cases} cases, ${asked} of them asked of the verifier in Python`)
  expect(wrong).toEqual([])
  expect([...tried.keys()].sort()).toEqual(
    [...tamperings.map(({ name }) => name), 'nothing'].sort(),
  )
  if (asksStranger) expect(asked).toBeGreaterThan(cases / 2)
})
