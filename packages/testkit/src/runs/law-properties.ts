// The laws of decisions, patches and merges as properties: each in a world that a random sequence
// made, on any store, under an embedder's own merge policies.

import { type Engine, type Json, nthId, openEngine, type Seed, survivorFirst } from '@selfsame/core'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { commandsOf } from '../arbitraries/commands.js'
import { dwellingStories } from '../arbitraries/endings.js'
import { type Sequence, sequences } from '../arbitraries/sequences.js'
import { previewed, resolveSymbols } from '../arbitraries/symbols.js'
import { withDeciderLaws } from '../laws/decider.js'
import { checkMergeLaws } from '../laws/merge-algebra.js'
import { checkPatch } from '../laws/patches.js'
import { type Violation, violation } from '../laws/violation.js'
import { checkWordings } from '../laws/wordings.js'
import { countingIds, firstSeed } from '../ports.js'
import { ask, openRun, type Run, remember, resultOf } from './play.js'
import { checkAll, close, type Played, type StoreProperty } from './properties.js'
import { type StoreUnderTest, underChoices } from './under-test.js'

interface InAWorld {
  readonly world: Sequence
  readonly tried: ReadonlyArray<Json>
}

const inAWorld = (commands: fc.Arbitrary<Json>): fc.Arbitrary<InAWorld> =>
  fc.record({
    world: sequences,
    tried: fc.array(commands, { minLength: 1, maxLength: 6, size: 'max' }),
  })

/** A decision by too small a slice shows in merges undone and in tokens claimed, hardly elsewhere. */
const decided: fc.Arbitrary<Sequence> = fc.oneof(
  { weight: 1, arbitrary: sequences },
  { weight: 3, arbitrary: dwellingStories },
)

/**
 * The properties of decisions, patches and merges: what `storeProperties` does not ask, because it
 * needs a command to be decided, given or undone more than once.
 *
 * @example
 * const store = { open: async (clock) => memoryStore({ clock }), policies: [ours] }
 * for (const { name, check } of lawProperties(store)) test(name, () => check({ runs: 100 }))
 *
 * @since 0.1.0
 * @category Properties
 */
export const lawProperties = (store: StoreUnderTest): ReadonlyArray<StoreProperty> => [
  {
    name: 'every decision is total, deterministic, pure and replayable',
    check: (options) =>
      checkAll(decided, options, (sequence) => playDecisions(store, sequence), 'decisions'),
  },
  {
    name: 'a patch keeps what it omits, removes what is null, and is idempotent',
    check: (options) =>
      checkAll(
        inAWorld(fc.oneof(commandsOf.SaveUser, commandsOf.SaveInstallation)),
        options,
        (story) => playLaws(store, story, checkPatch, (run) => checkWordings(run.engine)),
        'patches',
      ),
  },
  {
    name: 'a merge does not depend on the order of its users, is idempotent, and can be undone',
    check: (options) =>
      checkAll(
        inAWorld(commandsOf.MergeUsers),
        options,
        (story) => playLaws(store, story, checkMergeLaws, checkForgottenPolicy),
        'merges',
      ),
  },
]

const playDecisions = async (store: StoreUnderTest, sequence: Sequence): Promise<Played> => {
  const violations: Violation[] = []
  const run = await openRun(
    async (clock) => withDeciderLaws(await store.open(clock), (one) => violations.push(one)),
    underChoices(store, sequence),
  )
  await playWorld(run, sequence, () => violations.length > 0)
  return { run, violations: [...violations, ...(await close(run))] }
}

const playLaws = async (
  store: StoreUnderTest,
  { world, tried }: InAWorld,
  check: (engine: Engine, command: Json) => Promise<ReadonlyArray<Violation>>,
  last: (run: Run) => Promise<ReadonlyArray<Violation>> = async () => [],
): Promise<Played> => {
  const run = await openRun(store.open, underChoices(store, world))
  await playWorld(run, world, () => false)
  const violations: Violation[] = []
  for (const symbolic of tried) {
    run.turn(1)
    const command = resolveSymbols(symbolic, run.history)
    violations.push(...(await check(toldBy(run), command)))
    if (violations.length > 0) break
  }
  if (violations.length === 0) violations.push(...(await last(run)))
  return { run, violations: [...violations, ...(await close(run))] }
}

/** Ids of an engine that works beside another stand apart from those of the other. */
const besideSeed: Seed = nthId(firstSeed, 2 ** 38)

/** A merge by a policy that an embedder has given up since: no engine without it undoes the merge. */
const checkForgottenPolicy = async (run: Run): Promise<ReadonlyArray<Violation>> => {
  const [one, other] = run.history.living
  if (one === undefined || other === undefined) return []
  const policy = { ...survivorFirst, name: 'given-up' }
  const before = openEngine({
    store: run.store,
    idSource: countingIds(besideSeed),
    policies: [policy, ...(run.rules.policies ?? [])],
    defaultPolicy: policy.name,
  })
  const merged = await before.mergeUsers({
    users: [{ userId: one }, { userId: other }],
    survivor: { userId: one },
    overrides: { externalUserId: one },
  })()
  if (E.isLeft(merged) || merged.right.events.length === 0) return []
  const undo = { survivor: { userId: one }, absorbed: other }
  const answer = await run.engine.unmergeUsers(undo)()
  const error = E.isLeft(answer) && 'error' in answer.left ? answer.left.error : undefined
  const undone = await before.unmergeUsers(undo)()
  return [
    ...(error?.code === 'UNMERGE_IMPOSSIBLE' && error.details.policy === policy.name
      ? []
      : [violation('merge', `by a policy that is not known is undone: ${JSON.stringify(answer)}`)]),
    ...(E.isRight(undone)
      ? []
      : [
          violation('merge', `is not undone by the engine that made it: ${JSON.stringify(undone)}`),
        ]),
  ]
}

const playWorld = async (
  run: Run,
  { steps, stepMs }: Sequence,
  isOver: () => boolean,
): Promise<void> => {
  for (const symbolic of steps) {
    run.turn(stepMs)
    const toPreview = previewed(symbolic)
    const isPreview = toPreview !== undefined
    const command = resolveSymbols(toPreview ?? symbolic, run.history)
    const result = await ask(run.engine, command, isPreview)
    run.steps = [...run.steps, { command, isPreview, result }]
    remember(run, command, result)
    if (isOver()) return
  }
}

/** The engine of a run; what a law executes on it is a step of the run. */
const toldBy = (run: Run): Engine => ({
  ...run.engine,
  execute: (given) => async () => {
    const command: Json = JSON.parse(JSON.stringify(given))
    const answer = await run.engine.execute(given)()
    const result = resultOf(answer)
    run.steps = [...run.steps, { command, isPreview: false, result }]
    remember(run, command, result)
    return answer
  },
})
