// `pnpm tamper [--long] [--seed N] [--runs N]`: tampers with a log in every way, 300 times or 10,000,
// and exits 1 where anything was not reported, by ours or by the verifier in Python.

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runTamperings } from './run.js'
import { hasPython } from './stranger.js'

const { values: given } = parseArgs({
  args: process.argv.slice(2).filter((one) => one !== '--'),
  options: {
    long: { type: 'boolean', default: false },
    seed: { type: 'string' },
    runs: { type: 'string' },
  },
})

const seed = Number(given.seed ?? Date.now() % 1_000_000_000)
const cases = Number(given.runs ?? (given.long ? 10_000 : 300))
const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
const folder = mkdtempSync(join(base, 'selfsame-tamper-'))
const asksStranger = hasPython()
console.log(
  `seed ${seed}, ${cases} cases${asksStranger ? '' : '; no python3: ours alone is asked'}`,
)

const start = Date.now()
try {
  const { tried, asked, wrong } = await runTamperings({
    cases,
    seed,
    folder,
    asksStranger,
    onCase: (done) => {
      if (done % 500 === 0)
        console.log(`${done} done, ${Math.round((Date.now() - start) / 1000)} s`)
    },
  })
  for (const [name, count] of [...tried].sort(([, a], [, b]) => b - a))
    console.log(`${String(count).padStart(6)}  ${name}`)
  console.log(`${asked} of them asked of the verifier in Python`)
  for (const one of wrong.slice(0, 20)) console.log(`NOT RIGHT: ${one}`)
  console.log(
    `${wrong.length === 0 ? 'held' : `${wrong.length} not right`}, ${Math.round((Date.now() - start) / 1000)} s`,
  )
  process.exitCode = wrong.length === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
