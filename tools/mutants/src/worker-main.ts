// A process that does one job after another for `pnpm mutants`: type checks, and trials. It may hang
// or die of a change, which its parent notices.

import type { Mutant } from './instrument.js'
import { type Lab, type Outcome, openLab, type Reached, type Story, type Trial } from './trial.js'
import { refusedByTypes } from './types.js'

export type Job =
  | { readonly type: 'types'; readonly mutants: ReadonlyArray<Mutant> }
  | { readonly type: 'open'; readonly path: string; readonly seed: number }
  | { readonly type: 'reach'; readonly stories: ReadonlyArray<Story> }
  | { readonly type: 'try'; readonly trial: Trial }

export type Answer =
  | { readonly type: 'alive' }
  | { readonly type: 'refused'; readonly numbers: ReadonlyArray<number> }
  | {
      readonly type: 'opened'
      readonly whileLoading: ReadonlyArray<number>
      readonly properties: number
    }
  | { readonly type: 'reached'; readonly reached: ReadonlyArray<Reached> }
  | { readonly type: 'tried'; readonly outcome: Outcome }
  | { readonly type: 'failed'; readonly message: string }

const say = (answer: Answer): void => {
  process.send?.(answer)
}

let lab: Lab | undefined

const opened = (): Lab => {
  if (lab === undefined) throw new Error('no program is open')
  return lab
}

const answerTo = async (job: Job): Promise<Answer> => {
  switch (job.type) {
    case 'types': {
      const numbers = [...refusedByTypes(job.mutants, () => say({ type: 'alive' }))]
      return { type: 'refused', numbers }
    }
    case 'open':
      lab = openLab(job.path, job.seed)
      return {
        type: 'opened',
        whileLoading: lab.whileLoading(),
        properties: lab.properties,
      }
    case 'reach': {
      const reached: Reached[] = []
      for (const story of job.stories) {
        reached.push(await opened().reach(story))
        say({ type: 'alive' })
      }
      return { type: 'reached', reached }
    }
    case 'try':
      return {
        type: 'tried',
        outcome: await opened().tryOut(job.trial, () => say({ type: 'alive' })),
      }
  }
}

// A change may reject a promise that nobody waits for: the property that plays on decides.
process.on('unhandledRejection', () => {})
process.on('message', (job: Job) => {
  answerTo(job).then(say, (error: unknown) =>
    say({ type: 'failed', message: error instanceof Error ? (error.stack ?? '') : String(error) }),
  )
})
