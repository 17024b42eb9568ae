// Group commit: pieces of work that wait while a commit is under way share the next one, in the order
// they came. Nobody is answered before the commit is on the disk; one that breaks takes none along.

import { closedFailure, type Failure } from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import { brokenFailure, isBusy, toFailure } from './failure.js'
import { type WriteLock, yieldToOthers } from './write-lock.js'

/** The most pieces of work of one commit. */
const groupMax = 256
/** The most that wait: whoever brings more is held back until some are answered. */
const waitingMax = 4096

/** One piece of work: runs inside the transaction, perhaps again, and is answered after it. */
interface Job {
  readonly run: () => void
  /** Whether what it did must be finished outside the transaction before it is answered. */
  readonly isUnfinished: () => boolean
  readonly answer: (failed: Failure | null) => void
}

/** What work needs around it. */
export interface Around {
  /** Runs first in every transaction. */
  readonly before: () => void
  /** Finishes what the transaction began elsewhere; a failure is told to whom it concerns. */
  readonly finish: () => Promise<E.Either<Failure, void>>
}

export interface Queue {
  /** Waits for its turn and for the disk. `isUnfinished` tells of a result that `finish` must follow. */
  readonly add: <A>(
    work: () => A,
    isUnfinished?: (result: A) => boolean,
  ) => Promise<E.Either<Failure, A>>
  /** Runs until everything that came before is answered; nothing is taken after it. */
  readonly drain: () => Promise<void>
}

/** A group again without the job that broke it, in order; each job alone where none is known to have. */
const partsAround = (
  jobs: ReadonlyArray<Job>,
  broke: Job | null,
): ReadonlyArray<ReadonlyArray<Job>> => {
  if (broke === null) return jobs.map((job) => [job])
  const at = jobs.indexOf(broke)
  return [jobs.slice(0, at), [broke], jobs.slice(at + 1)].filter(({ length }) => length > 0)
}

export const openQueue = (lock: WriteLock, around: Around): Queue => {
  const waiting: Job[] = []
  const heldBack: Array<() => void> = []
  let running: Promise<void> | null = null
  let isDrained = false

  const runGroup = async (jobs: ReadonlyArray<Job>): Promise<void> => {
    const answerAll = (failed: Failure | null): void => {
      for (const job of jobs) job.answer(failed)
    }
    if (lock.isBroken()) return answerAll(brokenFailure)
    const running: { job: Job | null } = { job: null }
    try {
      await lock.hold(() => {
        around.before()
        for (const job of jobs) {
          running.job = job
          job.run()
        }
        running.job = null
      })
    } catch (error) {
      if (jobs.length === 1 || isBusy(error) || lock.isBroken())
        return answerAll(toFailure(error, 'recording'))
      // Whoever broke the group must not take its neighbours along.
      for (const part of partsAround(jobs, running.job)) await runGroup(part)
      return
    }
    if (!jobs.some((job) => job.isUnfinished())) return answerAll(null)
    const finished = await around.finish()
    for (const job of jobs)
      job.answer(job.isUnfinished() && E.isLeft(finished) ? finished.left : null)
  }

  const run = async (): Promise<void> => {
    await yieldToOthers()
    while (waiting.length > 0) {
      await runGroup(waiting.splice(0, groupMax))
      for (const goOn of heldBack.splice(0, groupMax)) goOn()
    }
    running = null
  }

  return {
    add: async <A>(work: () => A, isUnfinished: (result: A) => boolean = () => false) => {
      if (isDrained) return E.left(closedFailure)
      while (waiting.length >= waitingMax)
        await new Promise<void>((resolve) => heldBack.push(resolve))
      return new Promise<E.Either<Failure, A>>((resolve) => {
        let result: { readonly value: A } | undefined
        waiting.push({
          run: () => {
            result = { value: work() }
          },
          isUnfinished: () => result !== undefined && isUnfinished(result.value),
          answer: (failed) =>
            resolve(
              failed !== null || result === undefined
                ? E.left(failed ?? closedFailure)
                : E.right(result.value),
            ),
        })
        running ??= run()
      })
    },
    drain: async () => {
      isDrained = true
      await running
    },
  }
}
