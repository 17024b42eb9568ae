// The model as a property of a store: the same commands on both, and after each of them the same
// refusal or the same picture of everybody that either knows.

import { instantFromMillis, type Json } from '@selfsame/core'
import { stories } from '../arbitraries/endings.js'
import type { Sequence } from '../arbitraries/sequences.js'
import { isObject, previewed, resolveSymbols } from '../arbitraries/symbols.js'
import { checkRefusal } from '../laws/results.js'
import { checkSchema } from '../laws/schema.js'
import { type Violation, violation } from '../laws/violation.js'
import { type Answer, askModel, beginning } from '../model/model.js'
import { inEngine, inModel, textOf } from '../model/picture.js'
import type { Shown } from '../model/shows.js'
import { openParser, type Parser } from '../model/values.js'
import type { World } from '../model/world.js'
import { startMs } from '../ports.js'
import { checkReceiptsAgain } from './finish.js'
import { givenBy } from './given-by.js'
import { ask, openRun, type Run, remember } from './play.js'
import { checkAll, close, type StoreProperty, type StoreUnderTest } from './properties.js'
import type { Result } from './transcript.js'

/**
 * The property that a store, under core, does what domain.md says: after every command of a random
 * sequence it refuses with the same code as a naive model, or shows the same users and installations.
 *
 * @example
 * const { name, check } = modelProperty({ open: async (clock) => memoryStore({ clock }) })
 * test(name, () => check({ runs: 200 }))
 *
 * @since 0.1.0
 * @category Properties
 */
export const modelProperty = (store: Pick<StoreUnderTest, 'open'>): StoreProperty => ({
  name: 'every command does what the model of domain.md says',
  check: (options) =>
    checkAll(
      stories,
      options,
      async (sequence) => {
        const run = await openRun(store.open, sequence)
        const violations = await playBoth(run, sequence)
        return { run, violations: [...violations, ...(await close(run))] }
      },
      'model',
    ),
})

/** Where a run stands in the model. */
interface Standing {
  world: World
  nowMs: number
  readonly rules: Sequence['rules']
  /** The world that each plan was made in, by its seed. */
  readonly plannedIn: Map<string, World>
}

const playBoth = async (run: Run, sequence: Sequence): Promise<ReadonlyArray<Violation>> => {
  const { rules, stepMs, steps } = sequence
  const standing: Standing = { world: beginning, nowMs: startMs, rules, plannedIn: new Map() }
  const parse = openParser()
  for (const step of steps) {
    run.turn(stepMs)
    standing.nowMs += stepMs
    const found = await playOne(run, standing, parse, step)
    if (found.length > 0) return found
  }
  return checkReceiptsAgain(run)
}

const playOne = async (
  run: Run,
  standing: Standing,
  parse: Parser,
  symbolic: Json,
): Promise<ReadonlyArray<Violation>> => {
  const toPreview = previewed(symbolic)
  const isPreview = toPreview !== undefined
  const command = resolveSymbols(toPreview ?? symbolic, run.history)
  const result = await ask(run.engine, command, isPreview)
  run.steps = [...run.steps, { command, isPreview, result }]
  remember(run, command, result)
  const code = codeOf(result)
  const seed = isObject(command) && command.type === 'Plan' ? String(command.seed) : null
  // What was decided since a plan was made may be why it is stale: the model keeps no events.
  if (code === 'STALE_PREVIEW' && seed !== null && standing.plannedIn.get(seed) !== standing.world)
    return []

  const now = instantFromMillis(standing.nowMs)
  const given = givenBy(standing.rules, result)
  const answer = await askModel(standing.world, parse, command, now, given)
  if (code !== wanted(answer))
    return [violation('model', `${code ?? 'accepted'}, where the model says ${said(answer)}`)]
  const unlike = [
    ...(result._tag === 'Refusal' ? checkRefusal(command, result.refusal) : []),
    ...checkSchema(command, result._tag === 'Receipt'),
    ...('refused' in answer ? otherDetails(result, answer.details) : []),
  ]
  if (unlike.length > 0) return unlike
  if (result._tag === 'Previewed' && result.preview.outcome === 'planned')
    standing.plannedIn.set(result.preview.plan.seed, standing.world)
  if (isPreview || 'refused' in answer || answer.shown === null) return []
  standing.world = answer.world
  return [...otherShown(result, answer.shown), ...(await comparePictures(run, answer.world))]
}

/** What a refusal names, wrong values by their paths only. */
const otherDetails = (result: Result, wanted: Json | undefined): ReadonlyArray<Violation> => {
  const refusal =
    result._tag === 'Refusal'
      ? result.refusal
      : result._tag === 'Previewed' && result.preview.outcome === 'refused'
        ? result.preview.refusal
        : undefined
  if (refusal === undefined || wanted === undefined) return []
  const { violations, ...details } = refusal.error.details
  const paths = Array.isArray(violations)
    ? violations.map((one: Json) => ({ path: isObject(one) ? (one.path ?? null) : null }))
    : undefined
  const [ours, theirs] = [
    paths === undefined ? details : { ...details, violations: paths },
    wanted,
  ].map((named) => textOf(inOrder(named)))
  return ours === theirs
    ? []
    : [violation('model', `${refusal.error.code} names ${ours}, not ${theirs}`)]
}

/** Lists of objects in one order: the model is given a command's sets in another one than core. */
const inOrder = (json: Json): Json => {
  if (Array.isArray(json)) {
    const items: ReadonlyArray<Json> = json.map(inOrder)
    return items.some(isObject)
      ? [...items].sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1))
      : items
  }
  return isObject(json)
    ? Object.fromEntries(Object.entries(json).map(([key, part]) => [key, inOrder(part)]))
    : json
}

const shownText = ({ absorbed, kept, defined, ...rest }: Shown): string =>
  textOf({
    ...rest,
    absorbed: [...absorbed].sort(),
    defined: [...defined].sort(),
    kept: [...new Set(kept.map((one) => textOf([...one])))].sort(),
  })

/** Whom a receipt shows. */
const otherShown = (result: Result, wanted: Shown): ReadonlyArray<Violation> => {
  if (result._tag !== 'Receipt') return []
  const { user, installation, absorbed = [], kept = [] } = result.receipt
  const shown: Shown = {
    user: user?.id ?? null,
    installation: installation?.pushRegistrationId ?? null,
    absorbed,
    kept: kept.map(({ field, value }) => [field, value]),
    defined: result.receipt.events.flatMap((event) =>
      event.type === 'AttributeDefined'
        ? [`${event.payload.scope}:${event.payload.name} ${event.payload.attributeType}`]
        : [],
    ),
    isRecorded: result.receipt.events.length > 0,
  }
  const [ours, theirs] = [shown, wanted].map(shownText)
  const named = result.receipt.events.flatMap((event) =>
    event.type === 'UsersUnmerged'
      ? event.payload.kept.map(({ field, removed }) => `${field} ${removed}`)
      : [],
  )
  const left = wanted.kept.map(
    ([field, value]) => `${field === 'isPrimaryDevice' ? 'primary' : field} ${value === null}`,
  )
  const [names, lefts] = [named, left].map((some) => textOf([...new Set(some)].sort()))
  if (names !== lefts)
    return [violation('model', `the unmerge names as kept ${names}, not ${lefts}`)]
  return ours === theirs
    ? []
    : [violation('model', `the receipt shows ${ours}, where the model says ${theirs}`)]
}

const wanted = (answer: Answer): string | null => ('refused' in answer ? answer.refused : null)
const said = (answer: Answer): string => wanted(answer) ?? 'accepted'

const codeOf = (result: Result): string | null => {
  switch (result._tag) {
    case 'Receipt':
      return null
    case 'Refusal':
      return result.refusal.error.code
    case 'Previewed':
      return result.preview.outcome === 'refused' ? result.preview.refusal.error.code : null
    case 'Failure':
      return `failure: ${result.failure.message}`
    case 'Thrown':
      return `thrown: ${result.message}`
  }
}

const comparePictures = async (run: Run, world: World): Promise<ReadonlyArray<Violation>> => {
  const [engine, model] = [inEngine(run.engine), inModel(world)]
  const known = {
    user: new Set([...world.people.keys(), ...run.history.users]),
    installation: new Set([
      ...world.devices.keys(),
      ...run.history.installations.map(({ id }) => id),
      ...run.history.expired,
    ]),
  }
  const found: Violation[] = []
  for (const kind of ['user', 'installation'] as const)
    for (const id of known[kind]) {
      const [shown, wanted] = [await engine(kind, id), await model(kind, id)]
      if (textOf(shown) === textOf(wanted)) continue
      found.push(violation('model', `the ${kind} ${id} has ${differences(shown, wanted)}`))
    }
  return found
}

/** Field by field: what is shown, and what the model says. */
const differences = (shown: Json, wanted: Json): string => {
  if (!isObject(shown) || !isObject(wanted)) return `${textOf(shown)}, not ${textOf(wanted)}`
  return Object.keys(wanted)
    .map((field) => [field, textOf(shown[field] ?? null), textOf(wanted[field] ?? null)])
    .filter(([, ours, theirs]) => ours !== theirs)
    .map(([field, ours, theirs]) => `${field} ${ours}, not ${theirs}`)
    .join('; ')
}
