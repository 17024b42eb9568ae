// `pnpm mutants [--sample N] [--seed N] [--stories N] [--out FILE] [--only TEXT] [--again] [--workers N]`:
// changes core's rules one at a time and asks whether the testkit notices; what survives is tried once
// more with five times as many stories. Goes on where it stopped, and with --again tries all that
// survived. Exits 1 below 90 of 100.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildProgram } from './bundle.js'
import { instrument, type Mutant, nameOf } from './instrument.js'
import { inTurn, type Plan, planTrials, type Round } from './plan.js'
import { headOf, leftOver, lineOf, openRecords, type Status, scoreOf } from './records.js'
import { root, sourceFiles, textOf } from './sources.js'
import { openWording } from './wording.js'
import { openWorker, type Told, type Worker } from './workers.js'

const { values: asked } = parseArgs({
  args: process.argv.slice(2).filter((one) => one !== '--'),
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    stories: { type: 'string' },
    out: { type: 'string' },
    only: { type: 'string', default: '' },
    again: { type: 'boolean', default: false },
    workers: { type: 'string', default: '2' },
  },
})

const leastShare = 0.9
const silentMs = 20_000
const seed = Number(asked.seed)
const stories = Number(asked.stories ?? (asked.sample === undefined ? 120 : 45))
/** A sample is for a quick look: it has one round. */
const rounds: ReadonlyArray<Round> = [
  { seed, stories, first: 0, triesMax: 40 },
  ...(asked.sample === undefined
    ? [{ seed, stories: 5 * stories, first: stories, triesMax: 120 }]
    : []),
]
const folder = mkdtempSync(join(tmpdir(), 'selfsame-mutants-'))
const out =
  asked.out ?? join(asked.sample === undefined ? join(root, '.reports') : folder, 'mutants.ndjson')

const start = Date.now()
const note = (text: string): void =>
  console.log(`${((Date.now() - start) / 1000).toFixed(0).padStart(5)} s  ${text}`)

const mutants: Mutant[] = []
const codes = new Map<string, string>()
const watching = new Map<string, string>()
for (const file of sourceFiles) {
  const { code, mutants: some } = instrument(file, textOf(file), mutants.length)
  watching.set(file, instrument(file, textOf(file), mutants.length, true).code)
  codes.set(file, code)
  mutants.push(...some)
}
const chosen = inTurn(
  mutants.filter((one) => nameOf(one).includes(asked.only)),
  asked.sample === undefined ? null : Number(asked.sample),
  seed,
)
const records = openRecords(out, headOf(seed, sourceFiles.map(textOf)))
const add = (mutant: Mutant, status: Status, more = {}): void =>
  records.add(lineOf(mutant, nameOf(mutant), status, more))
note(
  `${mutants.length} changes, ${chosen.length} of them to be tried, seed ${seed}; results in ${out}`,
)

const isWording = openWording()
for (const mutant of chosen)
  if (!records.known.has(nameOf(mutant)) && isWording(mutant)) add(mutant, 'wording')

const withStatus = (status: Status | undefined): ReadonlyArray<Mutant> =>
  chosen.filter((one) => records.known.get(nameOf(one))?.status === status)

const each = <A>(list: ReadonlyArray<A>, act: (one: A) => Promise<void>, many: number) => {
  const rest = list.values()
  return Promise.all(
    Array.from({ length: many }, async () => {
      for (const one of rest) await act(one)
    }),
  )
}

const checkTypes = async (): Promise<ReadonlyArray<Mutant>> => {
  const left = withStatus(undefined)
  const many = Number(asked.workers)
  const parts = Array.from({ length: many }, (_, i) => left.filter((_one, at) => at % many === i))
  await each(
    parts,
    async (part) => {
      const worker = openWorker([])
      const told = await worker.ask({ type: 'types', mutants: part })
      worker.close()
      if (told.type !== 'refused') throw new Error(`the types: ${JSON.stringify(told)}`)
      const refused = new Set(told.numbers)
      for (const mutant of part) add(mutant, refused.has(mutant.n) ? 'refused' : 'accepted')
    },
    many,
  )
  return withStatus('accepted')
}

const isLeft = (mutant: Mutant): boolean => {
  const status = records.known.get(nameOf(mutant))?.status
  return status === 'survived' || status === 'unreached'
}

/** What is left, and was not tried with as many stories yet. */
const leftFor = (round: Round): ReadonlyArray<Mutant> =>
  chosen.filter(
    (one) => isLeft(one) && (records.known.get(nameOf(one))?.stories ?? 0) < round.stories,
  )

const tryAll = async (left: ReadonlyArray<Mutant>, round: Round): Promise<void> => {
  if (left.length === 0) return
  const many = { length: Number(asked.workers) }
  const watchers = Array.from(many, () => openWorker([]))
  const plan = await planTrials(
    watchers,
    await buildProgram(join(folder, 'watching'), watching),
    round,
  )
  for (const worker of watchers) worker.close()
  for (const { property, story, broken } of plan.broken)
    note(
      `left out, as it does not hold while it is watched: property ${property}, story ${story}: ${broken}`,
    )
  const path = await buildProgram(join(folder, 'switched'), codes)
  const workers = Array.from(many, () => openWorker([{ type: 'open', path, seed }]))
  note(`${plan.stories} stories of the unchanged program; ${left.length} changes to try`)
  const idle = [...workers]
  let done = 0
  await each(
    left,
    async (mutant) => {
      const worker = idle.pop()
      if (worker === undefined) throw new Error('more trials than workers')
      await tryOne(worker, mutant, plan, round.stories)
      idle.push(worker)
      done += 1
      if (done % 100 === 0) note(`${done} of ${left.length}; ${summary()}`)
    },
    workers.length,
  )
  for (const worker of workers) worker.close()
}

const tryOne = async (
  worker: Worker,
  mutant: Mutant,
  plan: Plan,
  stories: number,
): Promise<void> => {
  const trial = plan.trialOf(mutant.n)
  if (trial === null) {
    const before = records.known.get(nameOf(mutant))?.status
    return add(mutant, before === 'survived' ? 'survived' : 'unreached', { stories })
  }
  const began = Date.now()
  const told: Told = await worker.ask({ type: 'try', trial }, silentMs)
  const seconds = Math.round((Date.now() - began) / 100) / 10
  if (told.type === 'hung' || told.type === 'died') return add(mutant, 'hung', { seconds })
  if (told.type !== 'tried') throw new Error(`${nameOf(mutant)}: ${JSON.stringify(told)}`)
  const { status, ...more } = told.outcome
  add(mutant, status, { ...more, stories, seconds })
}

const summary = (): string => {
  const { counts, share } = scoreOf(chosen.flatMap((one) => records.known.get(nameOf(one)) ?? []))
  return `${Object.entries(counts)
    .filter(([, n]) => n > 0)
    .map(([status, n]) => `${n} ${status}`)
    .join(', ')}: ${(100 * share).toFixed(1)} %`
}

const left = await checkTypes()
note(`${left.length} changes that TypeScript accepts`)
const [round, ...later] = rounds
if (round !== undefined)
  await tryAll([...left, ...(asked.again ? chosen.filter(isLeft) : [])], round)
for (const one of later) {
  note(`${summary()}; once more what is left, with up to ${one.triesMax} of more stories`)
  await tryAll(leftFor(one), one)
}
const lines = chosen.flatMap((one) => records.known.get(nameOf(one)) ?? [])
for (const text of leftOver(lines)) console.log(text)
note(summary())
rmSync(folder, { recursive: true, force: true })
process.exitCode = scoreOf(lines).share < leastShare ? 1 : 0
