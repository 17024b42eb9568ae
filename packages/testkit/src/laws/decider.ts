// The laws of a decision: deciding again gives the same, whatever is asked gets an answer, nothing that
// was given is touched, and the events alone lead to the state that was decided.

import {
  canonicalJson,
  changesBetween,
  type Decided,
  type Directory,
  differencesBetween,
  emptyDirectory,
  fold,
  fromStored,
  type Json,
  type Moment,
  rowsOf,
  type Store,
  toStored,
  type WorkItem,
} from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { wrongChanges } from './changes.js'
import { type Violation, violation } from './violation.js'

const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null))
const text = (value: unknown): string => canonicalJson(plain(value))

/**
 * Decides one item of work, twice, and holds both against the laws: total (it never throws),
 * deterministic (the same events, state and subject, or the same refusal), pure (the slice stays as it
 * was), replayable (the fold of the events is the state decided, and what a store keeps of them reads
 * back as them). Given the `whole` directory it also asks whether the slice was enough: what it does not
 * hold may not decide anything.
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkDecision = (
  item: Pick<WorkItem, 'decide'>,
  slice: Directory,
  at: Moment,
  whole?: Directory,
): ReadonlyArray<Violation> => {
  const before = rowsOf(slice)
  const [first, second] = [decideOnce(item, slice, at), decideOnce(item, slice, at)]
  const touched = differencesBetween(before, rowsOf(slice), 1)
  const found = [
    ...(answerText(first) === answerText(second)
      ? []
      : [`is not deterministic: ${answerText(first)}, and again ${answerText(second)}`]),
    ...touched.map(({ table, key }) => `is not pure: it changes ${table} ${key} of its slice`),
    ...(whole === undefined ? [] : notEnough(first, decideOnce(item, whole, at))),
  ]
  const wrong =
    first._tag === 'Thrown'
      ? [`is not total: it throws ${first.message}`]
      : touched.length > 0
        ? []
        : notReplayable(first.decided, slice, at)
  return [...wrong, ...found].map((message) => violation('decider', `a decision ${message}`))
}

type Answer =
  | { readonly _tag: 'Decided'; readonly decided: Decided }
  | { readonly _tag: 'Thrown'; readonly message: string }

const decideOnce = ({ decide }: Pick<WorkItem, 'decide'>, slice: Directory, at: Moment): Answer => {
  try {
    return { _tag: 'Decided', decided: decide(slice, at) }
  } catch (error) {
    return { _tag: 'Thrown', message: String(error) }
  }
}

/** By the slice or by everything there is: the same events, or the same refusal. */
const notEnough = (bySlice: Answer, byWhole: Answer): ReadonlyArray<string> => {
  const [ours, theirs] = [bySlice, byWhole].map(outcomeText)
  return ours === theirs
    ? []
    : [`lacks something in its slice: by it ${ours}, by the whole directory ${theirs}`]
}

const outcomeText = (answer: Answer): string => {
  if (answer._tag === 'Thrown') return answer.message
  const { decided } = answer
  return E.isLeft(decided)
    ? text(decided.left)
    : text([
        decided.right.events.map(({ type, payload }) => ({ type, payload })),
        decided.right.subject,
      ])
}

const textMax = 300

const answerText = (answer: Answer): string => {
  if (answer._tag === 'Thrown') return answer.message
  const { decided } = answer
  const whole = E.isLeft(decided)
    ? text(decided.left)
    : text([
        decided.right.events,
        decided.right.subject,
        [...rowsOf(decided.right.directory)].map(([table, rows]) => [table, [...rows].sort()]),
      ])
  return whole.length > textMax ? `${whole.slice(0, textMax)}… (${hash(whole)})` : whole
}

/** Tells long texts apart. */
const hash = (whole: string): string => {
  let sum = 0
  for (const unit of whole) sum = (sum * 31 + (unit.codePointAt(0) ?? 0)) % 2 ** 32
  return sum.toString(16)
}

const notReplayable = (
  decided: Decided,
  slice: Directory,
  { head }: Moment,
): ReadonlyArray<string> => {
  if (E.isLeft(decided)) return []
  const { events, directory } = decided.right
  const replayed = fold(slice, events)
  return [
    ...wrongChanges(slice, directory, changesBetween(slice, directory)),
    ...differencesBetween(rowsOf(directory), rowsOf(replayed), 3).map(
      ({ table, key, stored, rebuilt }) =>
        `is not replayable: ${table} ${key} is ${stored ?? 'nothing'}, its events give ${rebuilt ?? 'nothing'}`,
    ),
    ...events.flatMap((event, i) => {
      const read = fromStored(toStored(event))
      return [
        ...(event.position === head + i + 1 ? [] : [`is not replayable: ${event.type} has a gap`]),
        ...(E.isRight(read) && text(read.right) === text(event)
          ? []
          : [`is not replayable: ${event.type} reads back as another event`]),
      ]
    }),
  ]
}

/**
 * A store whose every decision is held against the laws as it is made; what they break is told to
 * `found`. Put it under an engine that has merge policies of your own. It keeps the whole directory
 * beside the store, so it is for stores of tests, and for one writer.
 *
 * @example
 * const store = withDeciderLaws(memoryStore({ clock }), (one) => violations.push(one))
 *
 * @since 0.1.0
 * @category Laws
 */
export const withDeciderLaws = (store: Store, found: (one: Violation) => void): Store => {
  let whole = emptyDirectory
  let head = 0
  /** What was recorded since, each event as it was then: an erasure comes after what it erases. */
  const catchUp = async (): Promise<void> => {
    const page = await store.read([], { after: head })()
    if (E.isLeft(page)) return
    whole = fold(whole, page.right.events)
    head = page.right.events.at(-1)?.position ?? head
  }
  return {
    ...store,
    transact: (items) => async () => {
      await catchUp()
      // Those decided before in this batch are seen by the next.
      let seen = whole
      const checked = items.map((item) => ({
        ...item,
        decide: (slice: Directory, at: Moment): Decided => {
          checkDecision(item, slice, at, seen).forEach(found)
          const decided = item.decide(slice, at)
          if (E.isRight(decided)) seen = fold(seen, decided.right.events)
          return decided
        },
      }))
      return store.transact(checked)()
    },
  }
}
