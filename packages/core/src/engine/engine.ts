// The door of Selfsame: commands in, receipts and refusals out, over any store.

import { type CommandType, commandIdIn, commandIn, type Decidable } from '../commands/index.js'
import { type Reason, reason, violated } from '../directory/refusal.js'
import type { InstallationView, UserView } from '../directory/view.js'
import { readAppend } from '../log/own-event.js'
import type { Query } from '../log/query.js'
import { bugFailure, type Failure } from '../ports/failure.js'
import type { Appended, Conflict, LogPage } from '../ports/log.js'
import type {
  Accept,
  Outcome,
  Page,
  Progress,
  Range,
  RebuildReport,
  Remembered,
  WorkItem,
} from '../ports/store.js'
import { E, type Either, type Task, TE } from '../prelude.js'
import { readBackOf } from '../values/identity.js'
import { isRecord, type Json, parseJson } from '../values/json.js'
import { commandId } from '../values/token.js'
import { toViolations } from '../values/violation.js'
import { subjectAt } from './as-of.js'
import type { InputOf } from './inputs.js'
import { openKeptAnswers } from './kept-answers.js'
import { type EngineOptions, rulesOf } from './options.js'
import { asPlanned, PlanToExecute, type Preview } from './preview.js'
import {
  type Audience,
  audience,
  fetchInstallation,
  fetchUser,
  type Segment,
  segment,
} from './queries.js'
import { type Receipt, type Refusal, receipt, refusal } from './result.js'

type Method<Type extends CommandType> = (
  input: InputOf<Type>,
) => TE.TaskEither<Refusal | Failure, Receipt>

/**
 * An open engine. Every answer is lazy, as fp-ts has it: call it to run it. Nothing here throws:
 * what the domain refuses is a `Refusal`, a fault of the machine a `Failure`.
 * @since 0.1.0
 * @category Engine
 */
export interface Engine {
  /** Executes a command, or a plan of `preview`. Anything may be given: it is decoded. */
  readonly execute: (command: unknown) => TE.TaskEither<Refusal | Failure, Receipt>
  /** Executes commands in order, each seeing the ones before it; each succeeds or fails alone. */
  readonly executeAll: (
    commands: ReadonlyArray<unknown>,
  ) => Task<ReadonlyArray<Either<Refusal | Failure, Receipt>>>
  readonly registerInstallation: Method<'RegisterInstallation'>
  readonly saveInstallation: Method<'SaveInstallation'>
  readonly setPrimary: Method<'SetPrimary'>
  readonly personalize: Method<'Personalize'>
  readonly depersonalize: Method<'Depersonalize'>
  readonly depersonalizeInstallation: Method<'DepersonalizeInstallation'>
  readonly saveUser: Method<'SaveUser'>
  readonly createUser: Method<'CreateUser'>
  readonly mergeUsers: Method<'MergeUsers'>
  readonly unmergeUsers: Method<'UnmergeUsers'>
  readonly eraseUser: Method<'EraseUser'>
  readonly expireInstallation: Method<'ExpireInstallation'>
  readonly defineAttribute: Method<'DefineAttribute'>
  /** What a command would do. Remembers nothing, fixes no attribute. */
  readonly preview: (command: unknown) => TE.TaskEither<Failure, Preview>
  readonly fetchUser: (reference: unknown) => TE.TaskEither<Refusal | Failure, UserView>
  readonly fetchInstallation: (
    pushRegistrationId: unknown,
  ) => TE.TaskEither<Refusal | Failure, InstallationView>
  readonly segment: (query: unknown) => TE.TaskEither<Refusal | Failure, Segment>
  readonly audience: (query: unknown) => TE.TaskEither<Refusal | Failure, Audience>
  /** Events of the log, what is erased reading `erased`. */
  readonly readLog: (query: Query, range?: Range) => TE.TaskEither<Failure, Page>
  /** Any event of the log, an embedder's own ones too, with the head of the same snapshot. */
  readonly readAll: (query: Query, range?: Range) => TE.TaskEither<Failure, LogPage>
  /**
   * Appends an embedder's own facts (types in a namespace, as `shop.OrderPlaced`), all or none, unless
   * an event that matches `condition.failIfEventsMatch` stands after `condition.after`.
   */
  readonly append: (
    events: unknown,
    condition?: unknown,
  ) => TE.TaskEither<Refusal | Conflict | Failure, Appended>
  readonly rebuild: (progress?: Progress, accept?: Accept) => TE.TaskEither<Failure, RebuildReport>
  /** Waits for what is under way; nothing can be executed afterwards. */
  readonly close: () => TE.TaskEither<Failure, void>
}

/**
 * Opens an engine over a store.
 * @since 0.1.0
 * @category Engine
 */
export const openEngine = (options: EngineOptions): Engine => {
  const { store, idSource } = options
  const rules = rulesOf(options)
  const answers = openKeptAnswers<UserView>(store)

  const itemOf = (command: Decidable, seed = idSource(), planned?: Json): WorkItem => {
    // The ids of a plan can be recorded once only: executed again, it gives its first receipt.
    const planId = planned === undefined ? null : commandId(`plan:${seed}`)
    const id = command.commandId ?? planId
    return {
      commandId: id,
      contentDigest: id === null ? '' : store.digest(command.content),
      roots: command.roots,
      next: command.next,
      decide: (slice, { now, head }) => {
        const { provenance } = command
        const decided = command.decide(slice, { now, head, seed, provenance, rules })
        return planned === undefined ? decided : asPlanned(decided, planned)
      },
    }
  }

  /** The receipt of a command id given again: read from the log, as of its position. */
  const receiptAgain = async (
    command: Decidable,
    remembered: Remembered,
  ): Promise<Either<Refusal | Failure, Receipt>> => {
    if (remembered.contentDigest !== store.digest(command.content))
      return E.left(refusal(reused(command), command.commandId))
    const { position, count, subject } = remembered
    const events = await store.read([], { after: position - count, upTo: position })()
    if (E.isLeft(events)) return events
    const directory = await subjectAt(store, subject, position)()
    return E.isLeft(directory)
      ? directory
      : E.right(receipt(command.commandId, position, events.right.events, directory.right, subject))
  }

  const resultOf = async (
    command: Decidable,
    outcome: Outcome,
  ): Promise<Either<Refusal | Failure, Receipt>> => {
    switch (outcome._tag) {
      case 'Refused':
        return E.left(refusal(outcome.reason, command.commandId))
      case 'Repeated':
        return receiptAgain(command, outcome.remembered)
      case 'Recorded': {
        const { events, directory, subject } = outcome.decision
        return E.right(receipt(command.commandId, outcome.position, events, directory, subject))
      }
    }
  }

  const readInput = (input: unknown): Either<Refusal, { command: Decidable; item: WorkItem }> => {
    const json = parseJson(input)
    if (E.isLeft(json)) return E.left(refusal(violated(json.left), null))
    const plan = planIn(json.right)
    if (plan !== null && E.isLeft(plan)) return E.left(refusal(plan.left, null))
    const content = plan === null ? json.right : plan.right.command
    const command = commandIn(content)
    if (E.isLeft(command)) return E.left(refusal(command.left, commandIdIn(content)))
    const item =
      plan === null
        ? itemOf(command.right)
        : itemOf(command.right, plan.right.seed, plan.right.events)
    return E.right({ command: command.right, item })
  }

  const executeAll: Engine['executeAll'] = (commands) => async () => {
    const inputs = commands.map(readInput)
    const ready = inputs.flatMap((input) => (E.isRight(input) ? [input.right] : []))
    const outcomes = ready.length === 0 ? [] : await store.transact(ready.map(({ item }) => item))()
    // Nobody is told that somebody is erased before every answer about them is gone.
    answers.drop()
    const results: Array<Either<Refusal | Failure, Receipt>> = []
    let at = 0
    for (const input of inputs) {
      if (E.isLeft(input)) {
        results.push(input)
        continue
      }
      const outcome = outcomes[at++]
      if (outcome === undefined) throw new Error('the store gave fewer outcomes than items')
      results.push(E.isLeft(outcome) ? outcome : await resultOf(input.right.command, outcome.right))
    }
    return results
  }

  const execute: Engine['execute'] = (command) => async () => {
    const [result] = await executeAll([command])()
    if (result === undefined) throw new Error('one command gives one result')
    return result
  }

  const method =
    <Type extends CommandType>(type: Type): Method<Type> =>
    (input) =>
      execute(isRecord(input) ? { ...input, type } : input)

  const preview: Engine['preview'] = (input) => async () => {
    const json = parseJson(input)
    const refuse = (error: Reason): Preview => ({
      outcome: 'refused',
      refusal: refusal(error, E.isLeft(json) ? null : commandIdIn(json.right)),
    })
    if (E.isLeft(json)) return E.right(refuse(violated(json.left)))
    const read = commandIn(json.right)
    if (E.isLeft(read)) return E.right(refuse(read.left))
    const command = read.right
    const known =
      command.commandId === null ? E.right(null) : await store.remembered(command.commandId)()
    if (E.isLeft(known)) return known
    if (known.right !== null) {
      const again = await receiptAgain(command, known.right)
      if (E.isRight(again)) return E.right({ outcome: 'remembered', receipt: again.right })
      return 'error' in again.left
        ? E.right({ outcome: 'refused', refusal: again.left })
        : E.left(again.left)
    }
    const loaded = await store.load(command.roots, command.next)()
    if (E.isLeft(loaded)) return loaded
    const { directory: slice, now, head } = loaded.right
    const seed = idSource()
    const { provenance } = command
    const tried = E.tryCatch(
      () => command.decide(slice, { now, head, seed, provenance, rules }),
      bugFailure,
    )
    if (E.isLeft(tried)) return tried
    const decided = tried.right
    if (E.isLeft(decided)) return E.right(refuse(decided.left))
    const { events, directory, subject } = decided.right
    return E.right({
      outcome: 'planned',
      plan: {
        type: 'Plan',
        command: json.right,
        seed,
        position: head,
        events,
        receipt: receipt(command.commandId, head + events.length, events, directory, subject),
      },
    })
  }

  return {
    execute,
    executeAll,
    registerInstallation: method('RegisterInstallation'),
    saveInstallation: method('SaveInstallation'),
    setPrimary: method('SetPrimary'),
    personalize: method('Personalize'),
    depersonalize: method('Depersonalize'),
    depersonalizeInstallation: method('DepersonalizeInstallation'),
    saveUser: method('SaveUser'),
    createUser: method('CreateUser'),
    mergeUsers: method('MergeUsers'),
    unmergeUsers: method('UnmergeUsers'),
    eraseUser: method('EraseUser'),
    expireInstallation: method('ExpireInstallation'),
    defineAttribute: method('DefineAttribute'),
    preview,
    fetchUser: (reference) => fetchUser(store, answers, reference),
    fetchInstallation: (id) => fetchInstallation(store, id),
    segment: (query) => segment(store, query),
    audience: (query) => audience(store, query),
    readLog: (query, range = {}) => TE.map(readBackOf<Page>)(store.read(query, range)),
    readAll: (query, range = {}) => TE.map(readBackOf<LogPage>)(store.log.read(query, range)),
    append: (events, condition) => async () => {
      const read = readAppend(events, condition)
      return E.isLeft(read)
        ? E.left(refusal(violated(read.left), null))
        : store.log.append(read.right.events, idSource(), read.right.condition ?? undefined)()
    },
    rebuild: store.rebuild,
    close: store.close,
  }
}

/** A plan in the input; null where it is something else. */
const planIn = (json: Json) => {
  if (!isRecord(json) || json.type !== 'Plan') return null
  const plan = PlanToExecute.decode(json)
  return E.isLeft(plan) ? E.left(violated(toViolations(plan.left))) : plan
}

const reused = (command: Decidable): Reason =>
  reason('COMMAND_ID_REUSED', 'this command id was given to a command with other content', {
    commandId: command.commandId,
  })
