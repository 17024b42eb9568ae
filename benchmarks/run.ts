// `pnpm bench [--short | --medium] [--only NAME] [--rounds N] [--seed N] [--cpu-prof] [--no-write]`: measures us,
// the limit and the peers in turn, prints tables, and writes benchmarks/results.json and
// docs/performance.md. Nothing here asserts a time; a reader compares the rows.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runBench, tableNames } from './bench.js'
import { loadNow, machineWith } from './machine.js'
import { findPeers } from './peers.js'
import { profilesIn } from './profile.js'
import { tableOf } from './report.js'
import { sizes as allSizes } from './sizes.js'
import { buildWorker } from './worker.js'
import { writeReport } from './write.js'

const { values: asked } = parseArgs({
  args: process.argv.slice(2).filter((one) => one !== '--'),
  options: {
    short: { type: 'boolean', default: false },
    medium: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string' },
    seed: { type: 'string' },
    'cpu-prof': { type: 'boolean', default: false },
    write: { type: 'boolean' },
  },
  allowNegative: true,
})

const form = asked.short ? 'short' : asked.medium ? 'medium' : 'full'
const seed = Number(asked.seed ?? Date.now() % 1_000_000)
const sizes = { ...allSizes[form], rounds: Number(asked.rounds ?? allSizes[form].rounds) }
const folder = mkdtempSync(join(process.env.SELFSAME_TMP ?? tmpdir(), 'selfsame-bench-'))
const say = (text: string): void => console.error(text)
const profiles = asked['cpu-prof'] ? join(tmpdir(), `selfsame-profiles-${seed}`) : null
if (profiles !== null) mkdirSync(profiles, { recursive: true })

try {
  say(`pnpm bench${form === 'full' ? '' : ` --${form}`} --seed ${seed}; files in ${folder}`)
  const before = loadNow()
  const peers = findPeers(!asked.short, say)
  const machine = machineWith(folder)
  const worker = await buildWorker(join(folder, 'program'))
  const results = await runBench(
    { sizes, seed, peers, worker, folder, profiles },
    asked.only === undefined ? tableNames : [asked.only],
    say,
  )
  for (const result of results) console.log(tableOf(result))
  const isWhole = results.length === tableNames.length
  // Only a whole run that is not short may replace the figures that are published, unless it is asked for.
  if (asked.write ?? (isWhole && !asked.short && profiles === null)) {
    writeReport({
      date: new Date().toISOString(),
      form,
      seed,
      load: { before, after: loadNow() },
      machine,
      sizes,
      peers: peers === null ? [] : ['emmett-sqlite 0.42.4'],
      tables: results,
    })
    say('written: benchmarks/results.json, docs/performance.md, docs/performance/*.svg')
  }
  if (profiles !== null) console.log(profilesIn(profiles, 25))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
