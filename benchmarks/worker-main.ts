// The program that measures: one process for each contestant, told by messages what to do.

import { decodeRate } from './jobs/decode.js'
import { foldOpen, foldRate } from './jobs/fold.js'
import { close, fetch, make, open, read, rebuild, run, writeFor } from './jobs/shop-jobs.js'

const jobs = {
  make,
  open,
  close,
  run,
  fetch,
  rebuild,
  read,
  writeFor,
  foldOpen,
  foldRate,
  decodeRate,
}
export type Jobs = typeof jobs

interface Asked {
  readonly n: number
  readonly job: keyof Jobs
  readonly given: never
}

process.on('message', ({ n, job, given }: Asked) => {
  const work: (given: never) => Promise<unknown> = jobs[job]
  work(given).then(
    (value) => process.send?.({ n, value }),
    (error: unknown) =>
      process.send?.({ n, threw: error instanceof Error ? error.stack : String(error) }),
  )
})
