// The pages that a verification reads, from a thread of their own where the package is built, so that
// reading and replaying share two cores. From the sources they are read in this thread.

import { Worker } from 'node:worker_threads'
import { type SourceOptions, type SourcePage, sourcePages } from './verify-source.js'
import { yieldToOthers } from './write-lock.js'

/** Pages that the thread may be ahead: a bound on what waits in memory. */
const pagesAhead = 3

const isBuilt = import.meta.url.endsWith('.js')

export const openFeed = (options: SourceOptions): AsyncGenerator<SourcePage> =>
  isBuilt ? fromThread(options) : fromHere(options)

async function* fromHere(options: SourceOptions): AsyncGenerator<SourcePage> {
  for (const page of sourcePages(options)) {
    yield page
    await yieldToOthers()
  }
}

async function* fromThread(options: SourceOptions): AsyncGenerator<SourcePage> {
  const worker = new Worker(new URL('./verify-thread.js', import.meta.url), { workerData: options })
  const waiting: Array<SourcePage | null> = []
  let failed: unknown
  let wake = (): void => {}
  worker.on('message', (page: SourcePage | null) => {
    waiting.push(page)
    wake()
  })
  worker.on('error', (error) => {
    failed = error
    wake()
  })
  try {
    for (let i = 0; i < pagesAhead; i += 1) worker.postMessage('next')
    for (;;) {
      while (waiting.length === 0 && failed === undefined)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      if (failed !== undefined) throw failed
      const page = waiting.shift()
      if (page === null || page === undefined) return
      worker.postMessage('next')
      yield page
    }
  } finally {
    await worker.terminate()
  }
}
