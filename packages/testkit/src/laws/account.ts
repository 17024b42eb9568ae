// Every invariant that can be seen from outside, of a store or an engine that is in use: its log is
// audited at every position, what is erased must read so, and what it answers from must be what the log gives.

import {
  type Box,
  canonicalJson,
  catalog,
  type Directory,
  type Engine,
  type Failure,
  isOwnType,
  type Json,
  type LogEvent,
  type LogPage,
  type Recorded,
  type Store,
  toStored,
  viewInstallation,
  viewUser,
} from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { openAudit } from './audit.js'
import { checkProjections } from './projections.js'
import { type Violation, violation } from './violation.js'

/** What of a store is asked; all of it reads. */
type LiveStore = Pick<Store, 'log' | 'load' | 'users' | 'remembered'>

/** What of an engine is asked; all of it reads. */
type LiveEngine = Pick<Engine, 'readAll' | 'fetchUser' | 'fetchInstallation'>

const pageMax = 1000

/**
 * Holds a living store, or the engine over it, to the invariants of domain.md section 12, and gives
 * everything that is broken. It only reads. Seen are, at every position of the log, 1 to 5, 7, 8 and 10
 * and the rules of the envelope; 6 of every row that is answered from; 11 of every event of somebody
 * erased; of a store, 8 also of every command id. That a refused command leaves no trace (9) shows as
 * a row that no event explains; that the same commands give the same log (12) needs the commands:
 * `storeProperties`.
 *
 * Nobody should write meanwhile: rows that are newer than the log just read would be told as broken.
 * Each event is held against what it may do; the directory as a whole is looked at after every event
 * of a log of up to `looksMax` events, and after as many of a longer one, evenly spread, the last among
 * them. Time grows with events times users: for a large log take a copy.
 *
 * @example
 * for (const one of await checkAccount(store)) console.error(one)
 *
 * @since 0.1.0
 * @category Laws
 */
export const checkAccount = async (
  account: LiveStore | LiveEngine,
  { looksMax = 1000 }: { readonly looksMax?: number } = {},
): Promise<ReadonlyArray<Violation>> => {
  const log = await readLog(account)
  if (E.isLeft(log)) return [violation('log', `it cannot be read: ${log.left.message}`)]
  const own = new Set(log.right.flatMap((one) => (isRecorded(one) ? [] : [one.position])))
  const erased = erasedIn(log.right)
  const step = Math.max(1, Math.ceil(log.right.length / looksMax))
  const last = log.right.at(-1)?.position
  const audit = openAudit({
    isOwn: (position) => own.has(position),
    looksAt: (position) => position % step === 0 || position === last,
  })
  const found: Violation[] = []
  for (const event of log.right) {
    if (!isRecorded(event)) continue
    const { asErased, leaks } = readErased(event, erased)
    found.push(...leaks, ...audit.record(asErased))
  }
  const directory = audit.directory()
  return 'load' in account
    ? [
        ...found,
        ...(await checkProjections(account, directory)),
        ...(await checkCommandIds(account, log.right)),
      ]
    : [...found, ...(await checkAnswers(account, directory))]
}

const isRecorded = (event: LogEvent): event is Recorded => !isOwnType(event.type)

const readLog = async (
  account: LiveStore | LiveEngine,
): Promise<E.Either<Failure, ReadonlyArray<LogEvent>>> => {
  const events: LogEvent[] = []
  for (;;) {
    const range = { after: events.at(-1)?.position ?? 0, limit: pageMax }
    const page: E.Either<Failure, LogPage> =
      'load' in account ? await account.log.read([], range)() : await account.readAll([], range)()
    if (E.isLeft(page)) return page
    events.push(...page.right.events)
    if (page.right.events.length < pageMax) return E.right(events)
  }
}

const erasedIn = (events: ReadonlyArray<LogEvent>): ReadonlySet<string> =>
  new Set(
    events.flatMap(
      (event): ReadonlyArray<string> =>
        isRecorded(event) && event.type === 'UserErased'
          ? [event.payload.userId, ...event.payload.absorbed]
          : [],
    ),
  )

const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null))
const text = (value: unknown): string => canonicalJson(plain(value))
/** A store marks what is erased so that no value can look like it; an engine shows the word alone. */
const unmarked = (json: string): string => json.replaceAll('\\u0000erased', 'erased')

/** Invariant 11 of one event; an event of somebody erased is audited in the form that stores give it. */
const readErased = (event: Recorded, erased: ReadonlySet<string>) => {
  const boxes = toStored(event).boxes
  const gone = boxes.flatMap(({ owner }) => (erased.has(owner) ? [owner] : []))
  if (gone.length === 0) return { asErased: event, leaks: [] }
  const left = boxes.filter(({ owner }) => !erased.has(owner))
  const payload = { ...event.payload, ...factsWith(event, left) }
  return {
    asErased: { ...event, payload } as Recorded,
    leaks:
      unmarked(text(payload)) === unmarked(text(event.payload))
        ? []
        : [
            violation(
              11,
              `${event.type} still shows a value of ${gone.join(', ')}, who is erased`,
              event.position,
            ),
          ],
  }
}

/** The personal part of an event as it reads with these boxes alone. */
const factsWith = (event: Recorded, boxes: ReadonlyArray<Box>): object => {
  const { personal } = catalog[event.type]
  return personal === null ? {} : personal.facts({ ...event.payload }, boxes, event.position)
}

/** Invariant 8 of a store: each command id of the log is remembered, with all its events. */
const checkCommandIds = async (
  store: Pick<Store, 'remembered'>,
  events: ReadonlyArray<LogEvent>,
): Promise<ReadonlyArray<Violation>> => {
  const recorded = new Map<NonNullable<Recorded['commandId']>, Recorded[]>()
  for (const event of events)
    if (isRecorded(event) && event.commandId !== null)
      recorded.set(event.commandId, [...(recorded.get(event.commandId) ?? []), event])
  const found: Violation[] = []
  for (const [commandId, of] of recorded) {
    const last = of.at(-1)?.position ?? 0
    const known = await store.remembered(commandId)()
    if (E.isLeft(known)) found.push(violation(8, `the store fails: ${known.left.message}`, last))
    else if (known.right?.position !== last || known.right.count !== of.length)
      found.push(
        violation(
          8,
          known.right === null
            ? `the command ${commandId} recorded ${of.length} events and is not remembered`
            : `the command ${commandId} is remembered with ${known.right.count} events up to ${known.right.position}, and recorded ${of.length} up to ${last}`,
          last,
        ),
      )
  }
  return found
}

/** Invariant 6 of an engine: each user and installation is shown as the log gives it. */
const checkAnswers = async (
  engine: LiveEngine,
  directory: Directory,
): Promise<ReadonlyArray<Violation>> => {
  const found: Violation[] = []
  const compare = (what: string, answer: E.Either<unknown, unknown>, wanted: unknown): void => {
    const shown = E.isRight(answer) ? unmarked(text(answer.right)) : `refused, ${text(answer.left)}`
    if (shown !== unmarked(text(wanted)))
      found.push(violation(6, `${what} is shown as ${shown}, by the log it is ${text(wanted)}`))
  }
  for (const user of directory.users.values())
    if (user.status === 'active')
      compare(
        `user ${user.id}`,
        await engine.fetchUser({ userId: user.id })(),
        viewUser(directory, user),
      )
  for (const one of directory.installations.values())
    compare(
      `installation ${one.id}`,
      await engine.fetchInstallation(one.id)(),
      viewInstallation(directory, one),
    )
  return found
}
