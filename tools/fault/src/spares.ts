// Workers started ahead of need: a spare one has loaded its program by the time another is killed, so
// that kills fall into what the store does and not into the start of Node.

import { startWorker, type Worker } from './remote.js'

export interface Spares {
  /** A worker that has opened nothing yet; the next spare one starts. */
  readonly take: () => Worker
  readonly end: () => Promise<void>
}

export const openSpares = (program: string): Spares => {
  let spare = startWorker(program)
  return {
    take: () => {
      const taken = spare
      spare = startWorker(program)
      return taken
    },
    end: async () => {
      await spare.end()
    },
  }
}
