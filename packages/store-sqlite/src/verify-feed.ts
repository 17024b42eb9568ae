// Pages that a verification reads, from a thread of their own where the package is built, so that
// reading and replaying share two cores. From the sources they are read in this thread.

import { Worker } from 'node:worker_threads'
import type { Differing } from './verify-beside.js'
import { programs } from './verify-programs.js'
import { yieldToOthers } from './write-lock.js'

type Programs = typeof programs
type Name = keyof Programs
type Options<N extends Name> = Parameters<Programs[N]>[0]
type Page<N extends Name> = ReturnType<Programs[N]> extends Generator<infer P> ? P : never

export interface Feed<P> {
  /** The next page, null after the last. It may be asked for ahead. */
  readonly next: (said?: Differing) => Promise<P | null>
  readonly close: () => Promise<void>
}

const isBuilt = import.meta.url.endsWith('.js')

export const openFeed = <N extends Name>(name: N, options: Options<N>): Feed<Page<N>> =>
  isBuilt ? fromThread(name, options) : fromHere(name, options)

const fromHere = <N extends Name>(name: N, options: Options<N>): Feed<Page<N>> => {
  const program = programs[name] as (
    options: Options<N>,
  ) => Generator<Page<N>, void, Differing | undefined>
  const pages = program(options)
  return {
    next: async (said) => {
      await yieldToOthers()
      const page = pages.next(said)
      return page.done === true ? null : page.value
    },
    close: async () => {
      pages.return()
    },
  }
}

interface Waiting<P> {
  readonly resolve: (page: P | null) => void
  readonly reject: (error: unknown) => void
}

/** Of a page of events most is dead once the next is read: a third of this is filled at a time. */
const young_MB = 24

const fromThread = <N extends Name>(name: N, options: Options<N>): Feed<Page<N>> => {
  const thread = new Worker(new URL('./verify-thread.js', import.meta.url), {
    workerData: { name, options },
    resourceLimits: { maxYoungGenerationSizeMb: young_MB },
  })
  const waiting: Array<Waiting<Page<N>>> = []
  let failed: { readonly error: unknown } | undefined
  thread.on('message', (page: Page<N> | null) => waiting.shift()?.resolve(page))
  thread.on('error', (error) => {
    failed = { error }
    for (const { reject } of waiting.splice(0)) reject(error)
  })
  return {
    next: (said) =>
      new Promise((resolve, reject) => {
        if (failed !== undefined) return reject(failed.error)
        waiting.push({ resolve, reject })
        thread.postMessage(said)
      }),
    close: async () => {
      await thread.terminate()
    },
  }
}

/** Pages asked for ahead: a bound on what waits in memory. */
const pagesAhead = 3

/** All pages of a feed, some of them read ahead. */
export async function* allPages<P>(feed: Feed<P>): AsyncGenerator<P> {
  const ask = (): Promise<P | null> => {
    const page = feed.next()
    // Whoever waits for it is told; that nobody waits yet is no fault.
    page.catch(() => {})
    return page
  }
  const asked = Array.from({ length: pagesAhead }, ask)
  for (;;) {
    const page = await asked.shift()
    if (page === null || page === undefined) return
    asked.push(ask())
    yield page
  }
}
