// What a worker does when it is asked: the store's and the engine's public names, and summaries of
// their answers that are short enough to compare by the thousand.

import { createHash } from 'node:crypto'
import {
  canonicalJson,
  type Engine,
  type Failure,
  type Json,
  openEngine,
  type Receipt,
  type Recorded,
  type Refusal,
} from '@selfsame/core'
import {
  addMasterKey,
  masterKeyFile,
  openSqliteStore,
  type RestoreOptions,
  randomIds,
  restore,
  type SqliteStore,
} from '@selfsame/store-sqlite'
import { claimAll, writeFor } from './load.js'
import { type OperatorsWork, operate } from './operating.js'
import { rawFill, rawSchema, rawTimes } from './raw.js'
import { shopFill, shopTimes } from './shop.js'
import { anyCanary } from './workload.js'

export interface Asked {
  readonly n: number
  readonly call: string
  readonly with: Json
}

/** An answer: a value, what the domain or the machine refused, or what was thrown (always a bug). */
export interface Answer {
  readonly n: number
  readonly value?: unknown
  readonly refused?: { readonly kind: string; readonly message: string }
  readonly threw?: string
}

type Either<A> =
  | { readonly _tag: 'Left'; readonly left: Refusal | Failure }
  | { readonly _tag: 'Right'; readonly right: A }

/** A receipt: where it stands, its events, and a digest of everything it says. */
export interface Acknowledged {
  readonly position: number
  readonly events: ReadonlyArray<string>
  readonly digest: string
}

/** An event: position, id, type, command id, digest of all it says. */
export type Line = readonly [number, string, string, string | null, string]

export interface Place {
  readonly file: string
  readonly keyFile?: string
  readonly masterFile?: string
  readonly mode?: 'create' | 'existing'
  readonly durability?: 'full' | 'normal'
}

type Restoring = Omit<RestoreOptions, 'keyRing' | 'progress'> & { readonly masterFile: string }

const pageEvents = 1000
let store: SqliteStore | undefined
let engine: Engine | undefined

const right = (value: unknown): Either<unknown> => ({ _tag: 'Right', right: value })

const digest = (value: unknown): string =>
  createHash('sha256')
    .update(canonicalJson(value as Json))
    .digest('base64url')
    .slice(0, 16)

const acknowledged = (receipt: Receipt): Acknowledged => ({
  position: receipt.position,
  events: receipt.events.map(({ id }) => id),
  digest: digest(JSON.parse(JSON.stringify(receipt))),
})

const optionsOf = ({ masterFile, ...place }: Place) => ({
  ...place,
  ...(masterFile === undefined ? {} : { keyRing: masterKeyFile(masterFile) }),
})

const storeNow = (): SqliteStore => {
  if (store === undefined) throw new Error('no store is open')
  return store
}

const engineNow = (): Engine => {
  if (engine === undefined) throw new Error('no store is open')
  return engine
}

/** Every event, page by page, as lines; stops at the first failure. */
const readAll = async (of: Engine): Promise<Either<ReadonlyArray<Recorded>>> => {
  const events: Recorded[] = []
  for (;;) {
    const after = events.at(-1)?.position ?? 0
    const page = await of.readLog([], { after, limit: pageEvents })()
    if (page._tag === 'Left') return page
    events.push(...page.right.events)
    if (page.right.events.length < pageEvents) return { _tag: 'Right', right: events }
  }
}

const lineOf = (event: Recorded): Line => [
  event.position,
  event.id,
  event.type,
  event.commandId,
  digest(JSON.parse(JSON.stringify(event))),
]

const mapped = <A, B>(result: Either<A>, to: (value: A) => B): Either<B> =>
  result._tag === 'Left' ? result : { _tag: 'Right', right: to(result.right) }

const open = async (place: Place): Promise<Either<null>> => {
  const opened = await openSqliteStore(optionsOf(place))()
  if (opened._tag === 'Left') return opened
  store = opened.right
  engine = openEngine({ store, idSource: randomIds })
  return { _tag: 'Right', right: null }
}

const close = async (): Promise<Either<null>> => {
  const closed = await engineNow().close()()
  store = undefined
  engine = undefined
  return mapped(closed, () => null)
}

const log = async (): Promise<Either<ReadonlyArray<Line>>> =>
  mapped(await readAll(engineNow()), (events) => events.map(lineOf))

/** Which words stand anywhere in events: canaries by their form, however many, others one by one. */
const wordsIn = (
  events: ReadonlyArray<Recorded>,
  needles: ReadonlyArray<string>,
): ReadonlyArray<string> => {
  if (needles.length === 0) return []
  const text = JSON.stringify(events)
  const canaries = new Set(text.match(anyCanary))
  return needles.filter((needle) =>
    needle.match(anyCanary)?.[0] === needle ? canaries.has(needle) : text.includes(needle),
  )
}

/**
 * Opens a file, reads everything, rebuilds, and closes: the log's lines, the differences, and which
 * of some words stand anywhere in the log.
 */
const examine = async ({
  needles = [],
  ...place
}: Place & { readonly needles?: ReadonlyArray<string> }): Promise<Either<unknown>> => {
  const opened = await open(place)
  if (opened._tag === 'Left') return opened
  const events = await readAll(engineNow())
  const rebuilt = events._tag === 'Right' ? await engineNow().rebuild()() : null
  const closed = await close()
  if (events._tag === 'Left') return events
  if (rebuilt?._tag === 'Left') return rebuilt
  if (closed._tag === 'Left') return closed
  return {
    _tag: 'Right',
    right: {
      lines: events.right.map(lineOf),
      differences: rebuilt?.right.differences ?? [],
      shown: wordsIn(events.right, needles),
    },
  }
}

/** Opens a file and reads everything; where that went well, checks it too. */
const inspect = async (place: Place): Promise<Either<unknown>> => {
  const opened = await open(place)
  if (opened._tag === 'Left') return opened
  const lines = await log()
  const checked = lines._tag === 'Right' ? await storeNow().check()() : null
  const closed = await close()
  if (lines._tag === 'Left') return lines
  const report =
    checked?._tag === 'Right'
      ? checked.right.findings.map(({ what }) => what)
      : [checked === null ? 'none' : refusedBy(checked.left).kind]
  return right({
    lines: lines.right,
    findings: report,
    closed: closed._tag === 'Left' ? refusedBy(closed.left).kind : 'closed',
  })
}

const contains = async (needles: ReadonlyArray<string>): Promise<Either<ReadonlyArray<string>>> =>
  mapped(await readAll(engineNow()), (events) => wordsIn(events, needles))

/** The calls by name. Their arguments come from our own scenarios, never from outside. */
const calls: Readonly<Record<string, (given: never) => Promise<Either<unknown>>>> = {
  ready: async () => right(null),
  open,
  close,
  log,
  head: async () => mapped(await storeNow().read([], { limit: 1 })(), ({ head }) => ({ head })),
  examine,
  inspect,
  contains,
  execute: async (command: Json) => mapped(await engineNow().execute(command)(), acknowledged),
  executeAll: async (commands: ReadonlyArray<Json>) =>
    right(
      (await engineNow().executeAll(commands)()).map((one) =>
        one._tag === 'Left' ? { refused: refusedBy(one.left) } : acknowledged(one.right),
      ),
    ),
  fetchUser: async (reference: Json) => engineNow().fetchUser(reference)(),
  rebuild: async () => engineNow().rebuild()(),
  backup: async ({ to }: { to: string }) => storeNow().backup(to)(),
  backupKeys: async ({ to }: { to: string }) => storeNow().backupKeys(to)(),
  restore: async ({ masterFile, ...given }: Restoring) =>
    restore({ ...given, keyRing: masterKeyFile(masterFile) })(),
  rotate: async () => storeNow().rotate()(),
  check: async () => storeNow().check()(),
  addMaster: async ({ file }: { file: string }) => addMasterKey(file)(),
  writeFor: async (given: { name: string; seconds: number }) =>
    right(await writeFor(engineNow(), given.name, given.seconds)),
  claimAll: async (given: { rounds: ReadonlyArray<number> }) =>
    right(await claimAll(engineNow(), given.rounds)),
  schema: async (given: { file: string }) => right(rawSchema(given)),
  rawFill: async (given: { file: string; from: number; to: number }) => right(rawFill(given)),
  rawTimes: async (given: { file: string; events: number; count: number; turn: number }) =>
    right(rawTimes(given)),
  operate: async (given: { work: OperatorsWork; to: string }) =>
    right(await operate(storeNow(), engineNow(), given)),
  shopFill: async (given: { from: number; to: number }) =>
    right(await shopFill(engineNow(), given)),
  shopTimes: async (given: { users: number; count: number; turn: number }) =>
    right(await shopTimes(engineNow(), given)),
}

const refusedBy = (left: Refusal | Failure) =>
  '_tag' in left
    ? { kind: left.kind, message: `${left.message}; ${left.safe}; ${left.advice}` }
    : { kind: left.error.code, message: left.error.message }

export const answerOf = async ({ n, call, with: given }: Asked): Promise<Answer> => {
  const called = calls[call]
  if (called === undefined) throw new Error(`there is no call ${call}`)
  const result = await called(given as never)
  return result._tag === 'Left'
    ? { n, refused: refusedBy(result.left) }
    : { n, value: result.right }
}
