// `pnpm fault [--long] [--only NAME] [--seed N] [--runs N] [--broken]`: tries to break every promise
// of the store, prints a table, and exits 1 where one did not hold.

import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildWorker } from './bundle.js'
import { type Mutant, mutants } from './mutants.js'
import { generator } from './random.js'
import { killRest } from './remote.js'
import { breachesIn, type Scenario, type Trial, type Verdict } from './scenario.js'
import { corruption } from './scenarios/corruption.js'
import { erasure } from './scenarios/erasure.js'
import { fullDisk } from './scenarios/full-disk.js'
import { growth } from './scenarios/growth.js'
import { kill } from './scenarios/kill.js'
import { operate } from './scenarios/operate.js'
import { powerLoss } from './scenarios/power-loss.js'
import { races } from './scenarios/races.js'
import { syscalls } from './scenarios/syscalls.js'

const scenarios: ReadonlyArray<Scenario> = [
  kill,
  syscalls,
  powerLoss,
  fullDisk,
  races,
  erasure,
  corruption,
  operate,
  growth,
]

const { values: asked } = parseArgs({
  args: process.argv.slice(2).filter((one) => one !== '--'),
  options: {
    long: { type: 'boolean', default: false },
    only: { type: 'string' },
    seed: { type: 'string' },
    runs: { type: 'string' },
    broken: { type: 'boolean', default: false },
  },
})

const seed = Number(asked.seed ?? Date.now() % 1_000_000_000)
const folder = mkdtempSync(join(tmpdir(), 'selfsame-fault-'))
const memory = existsSync('/dev/shm') ? mkdtempSync('/dev/shm/selfsame-fault-') : folder

interface Line {
  readonly scenario: string
  readonly runs: number
  readonly result: 'held' | 'broken' | 'skipped' | 'seen' | 'missed'
  readonly seconds: number
  readonly note: string
}

const tryOut = async (scenario: Scenario, mutant: Mutant | null, at: number): Promise<Line> => {
  const name = mutant === null ? scenario.name : `${scenario.name}-${at}`
  const [own, quick] = [join(folder, name), join(memory, name)]
  for (const path of [own, quick]) mkdirSync(path, { recursive: true })
  const breaches = breachesIn(folder, name)
  const start = Date.now()
  const changes = mutant === null ? [] : [mutant]
  const trial: Trial = {
    isLong: asked.long,
    seed,
    random: generator(seed),
    runs: (short, long) => Number(asked.runs ?? (asked.long ? long : short)),
    worker: await buildWorker(join(own, 'program'), changes),
    variant: (called, change) => buildWorker(join(own, called), [...changes, change]),
    folder: own,
    memory: quick,
    broken: breaches.broken,
    isBroken: () => breaches.isBroken() || (mutant !== null && breaches.found.length > 0),
  }
  const verdict = await scenario.run(trial).catch((error: unknown): Verdict => {
    breaches.broken(
      'the scenario runs to its end',
      String(error instanceof Error ? error.stack : error),
    )
    return { runs: 0, figures: '' }
  })
  killRest()
  const [first] = breaches.found
  const isBroken = first !== undefined
  const seconds = (Date.now() - start) / 1000
  if (isBroken && mutant === null)
    console.error(`${breaches.found.length} broken, see ${breaches.file}`)
  else rmSync(own, { recursive: true, force: true })
  rmSync(quick, { recursive: true, force: true })
  if (mutant !== null)
    return {
      scenario: `${scenario.name} (${mutant.name})`,
      runs: verdict.runs,
      result: isBroken ? 'seen' : 'missed',
      seconds,
      note: first?.promise ?? '',
    }
  const result = isBroken ? 'broken' : verdict.skipped === undefined ? 'held' : 'skipped'
  const note = isBroken
    ? `${first.promise}; ${verdict.figures}`
    : (verdict.skipped ?? verdict.figures)
  return { scenario: scenario.name, runs: verdict.runs, result, seconds, note }
}

const chosen = scenarios.filter(({ name }) => asked.only === undefined || name === asked.only)
if (chosen.length === 0)
  throw new Error(`scenarios: ${scenarios.map(({ name }) => name).join(', ')}`)

console.log(`pnpm fault${asked.long ? ' --long' : ''} --seed ${seed}; files in ${folder}`)
const lines: Line[] = []
for (const scenario of chosen) {
  const variants = asked.broken
    ? mutants.filter((mutant) => mutant.scenario === scenario.name)
    : [null]
  for (const [at, mutant] of variants.entries()) {
    const line = await tryOut(scenario, mutant, at)
    lines.push(line)
    console.log(
      `${line.scenario}: ${line.result}, ${line.runs} runs, ${line.seconds.toFixed(1)} s; ${line.note}`,
    )
  }
}

console.log('\n| scenario | runs | result | seconds | seed | what was seen |')
console.log('| --- | ---: | --- | ---: | ---: | --- |')
for (const { scenario, runs, result, seconds, note } of lines)
  console.log(`| ${scenario} | ${runs} | ${result} | ${seconds.toFixed(1)} | ${seed} | ${note} |`)

const isGood = lines.every(({ result }) => result !== 'broken' && result !== 'missed')
if (isGood) rmSync(folder, { recursive: true, force: true })
rmSync(memory, { recursive: true, force: true })
process.exitCode = isGood ? 0 : 1
