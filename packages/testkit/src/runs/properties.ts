// The properties that any store must have, over random sequences. They need no test runner: each is a
// name and a check that throws with the seed, the path and a transcript of the smallest failing run.

import type { UserId } from '@selfsame/core'
import fc from 'fast-check'
import { plainAndDwelling } from '../arbitraries/endings.js'
import { type Sequence, sequences } from '../arbitraries/sequences.js'
import { type Violation, violation } from '../laws/violation.js'
import { type Coverage, type CoverageCounter, openCoverage } from './coverage.js'
import { checkNobodyErased, checkRebuild, finish } from './finish.js'
import { openRun, playStep, type Run } from './play.js'
import { failuresFolder, writeFailure } from './replay.js'
import { openScrambled } from './scrambled.js'
import { transcript } from './transcript.js'
import { type StoreUnderTest, underChoices } from './under-test.js'
import { type MergesToUndo, mergeAndUndo } from './unmerge-all.js'

/**
 * How a property is run; `seed` and `path` come from the message of an earlier failure.
 *
 * @since 0.1.0
 * @category Properties
 */
export interface RunOptions {
  readonly runs: number
  readonly seed?: number
  readonly path?: string
  readonly shrink?: boolean
  /** The folder for the smallest story that fails, by default `selfsame-failures` among temporary files. */
  readonly failuresIn?: string
  /** Told after every sequence, with the number done so far. */
  readonly onSequence?: (done: number) => void
}

/**
 * What a check that held has done.
 *
 * @since 0.1.0
 * @category Properties
 */
export interface Checked {
  readonly seed: number
  readonly sequences: number
  readonly commands: number
  readonly coverage: Coverage
}

/**
 * One property: give its name and its check to a test runner.
 *
 * @since 0.1.0
 * @category Properties
 */
export interface StoreProperty {
  readonly name: string
  /** Throws `BrokenLaw` where a law does not hold. */
  readonly check: (options: RunOptions) => Promise<Checked>
}

/**
 * The error that a failing check throws.
 *
 * @since 0.1.0
 * @category Properties
 */
export interface BrokenLaw extends Error {
  readonly violations: ReadonlyArray<Violation>
  readonly seed: number
  readonly path: string
  /** The story as a file for `selfsame exec`; null where it could not be written. */
  readonly file: string | null
}

/**
 * The properties of a store: every invariant after every command of random sequences, and merges
 * undone in any order.
 *
 * @example
 * for (const { name, check } of storeProperties({ open: async (clock) => memoryStore({ clock }) }))
 *   test(name, () => check({ runs: 200 }))
 *
 * @since 0.1.0
 * @category Properties
 */
export const storeProperties = (store: StoreUnderTest): ReadonlyArray<StoreProperty> => [
  {
    name: 'every invariant holds after every command of a random sequence',
    check: (options) =>
      checkAll(
        plainAndDwelling,
        options,
        (sequence) => playSequence(store, underChoices(store, sequence)),
        'invariants',
      ),
  },
  {
    name: 'merges undone in any order leave everything as it was',
    check: (options) =>
      checkAll(mergesToUndo, options, (story) => playUnmerges(store, story), 'merges-undone'),
  },
]

export type { StoreUnderTest } from './under-test.js'

/** What a story came to. */
export interface Played {
  readonly run: Run
  readonly violations: ReadonlyArray<Violation>
}

/** Plays a sequence to its end, or to the first step that breaks a law. */
const playSequence = async (store: StoreUnderTest, sequence: Sequence): Promise<Played> => {
  const run = await openRun(store.open, sequence)
  const violations = await playSteps(run, sequence, store.rebuildEvery ?? 10)
  const again = { open: store.open, reference: store.reference ?? openScrambled }
  const found = violations.length > 0 ? violations : await finish(run, sequence, again)
  return { run, violations: [...found, ...(await close(run))] }
}

export const close = async (run: Run): Promise<ReadonlyArray<Violation>> => {
  const closed = await run.engine.close()()
  return closed._tag === 'Left' ? [violation('receipt', closed.left.message)] : []
}

const playSteps = async (
  run: Run,
  { steps, stepMs }: Sequence,
  rebuildEvery: number,
): Promise<ReadonlyArray<Violation>> => {
  let erased: ReadonlyArray<UserId> = []
  for (const [i, step] of steps.entries()) {
    run.turn(stepMs)
    const found = [...(await playStep(run, step))]
    if (found.length === 0 && (i + 1) % rebuildEvery === 0) found.push(...(await checkRebuild(run)))
    const now = run.log.flatMap((one) => (one.type === 'UserErased' ? [one.payload.userId] : []))
    if (found.length === 0 && now.length > erased.length) {
      const page = await run.store.read([], {})()
      if (page._tag === 'Right') found.push(...(await checkNobodyErased(run, page.right.events)))
    }
    erased = now
    if (found.length > 0) return found
  }
  return []
}

const mergesToUndo: fc.Arbitrary<MergesToUndo> = fc.record({
  world: sequences,
  merges: fc.array(
    fc.record({
      parties: fc.array(fc.nat({ max: 11 }), { minLength: 2, maxLength: 3 }),
      survivor: fc.nat({ max: 2 }),
      policy: fc.constantFrom('survivor-first', 'latest-wins'),
      overrides: fc
        .tuple(
          fc.nat({ max: 2 }),
          fc.dictionary(
            fc.constantFrom(
              'firstName',
              'gender',
              'customAttributes.plan',
              'customAttributes.score',
            ),
            fc.nat({ max: 2 }),
            { maxKeys: 2 },
          ),
        )
        .map(([externalUserId, others]) => ({ externalUserId, ...others })),
    }),
    { minLength: 1, maxLength: 4, size: 'max' },
  ),
  order: fc.array(fc.nat({ max: 9 }), { minLength: 8, maxLength: 8 }),
})

const playUnmerges = async (store: StoreUnderTest, story: MergesToUndo): Promise<Played> => {
  const world = underChoices(store, story.world)
  const run = await openRun(store.open, world)
  const violations = await playSteps(run, world, Number.POSITIVE_INFINITY)
  // An embedder's own policy takes the place of one of core's.
  const merges = story.merges.map((merge) =>
    store.defaultPolicy !== undefined && merge.policy === 'latest-wins'
      ? { ...merge, policy: store.defaultPolicy }
      : merge,
  )
  const found = violations.length > 0 ? violations : await mergeAndUndo(run, { ...story, merges })
  return { run, violations: [...found, ...(await close(run))] }
}

/**
 * Checks a property over stories; what it throws has the seed, the path, a transcript, and a file of
 * the smallest story that fails.
 */
export const checkAll = async <Story>(
  stories: fc.Arbitrary<Story>,
  options: RunOptions,
  play: (story: Story) => Promise<Played>,
  name: string,
): Promise<Checked> => {
  const counter: CoverageCounter = openCoverage()
  let done = 0
  let commands = 0
  // Shrinking ends at the story that failed last.
  let failed: Played | undefined
  const details = await fc.check(
    fc.asyncProperty(stories, async (story) => {
      const played = await play(story).catch((error) => {
        failed = undefined
        throw error
      })
      const { run, violations } = played
      if (violations.length > 0) {
        failed = played
        throw new Error(transcript(run.steps, violations))
      }
      counter.count(run.steps)
      done += 1
      commands += run.steps.length
      options.onSequence?.(done)
    }),
    {
      numRuns: options.runs,
      endOnFailure: options.shrink === false,
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(options.path === undefined ? {} : { path: options.path }),
    },
  )
  if (!details.failed)
    return { seed: details.seed, sequences: done, commands, coverage: counter.report() }
  const { errorInstance, seed, counterexamplePath } = details
  const written = await writeFailure(options.failuresIn ?? failuresFolder(), {
    name,
    seed,
    steps: failed?.run.steps ?? [],
    rules: failed?.run.rules ?? {},
  })
  const message = [
    `a law is broken: run it again with { seed: ${seed}, path: "${counterexamplePath}" }`,
    errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
    '',
    `The sequence: ${JSON.stringify(details.counterexample)}`,
    written.text,
  ].join('\n')
  throw Object.assign(new Error(message), {
    violations: failed?.violations ?? [violation('receipt', String(errorInstance))],
    seed,
    path: counterexamplePath,
    file: written.file,
  })
}
