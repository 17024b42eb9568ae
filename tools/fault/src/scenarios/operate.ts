// An operator at work on a large file, in the process that also answers: commands go on, and the event
// loop is not held.

import { join } from 'node:path'
import { type Meanwhile, works } from '../operating.js'
import { answered, startWorker } from '../remote.js'
import type { Scenario } from '../scenario.js'
import { eventsOfPerson } from '../shop.js'

/** Bounds of a delay of the event loop; CI's machines are kept from other work less well. */
const [promised_ms, kindly_ms] = [50, 250]
const slow_ms = 3_600_000

const text = (work: string, { seconds, commands, delayP99_ms, delayMax_ms }: Meanwhile): string =>
  `${work} ${seconds.toFixed(1)} s, ${commands} commands meanwhile, p99 ${delayP99_ms.toFixed(0)} ms, longest ${delayMax_ms.toFixed(0)} ms`

export const operate: Scenario = {
  name: 'operate',
  promise: 'commands go on and the event loop is not held while an operator works on the file',
  run: async (trial) => {
    const events = trial.runs(6_000, 150_000)
    const file = join(trial.folder, 'people.db')
    const worker = startWorker(trial.worker)
    answered(await worker.call('open', { file }))
    answered(
      await worker.call('shopFill', { from: 0, to: Math.floor(events / eventsOfPerson) }, slow_ms),
    )
    const most_ms = trial.isLong ? promised_ms : kindly_ms
    const figures: string[] = []
    for (const work of works) {
      const to = join(trial.folder, 'people.backup')
      const found = answered<Meanwhile>(await worker.call('operate', { work, to }, slow_ms))
      figures.push(text(work, found))
      // A vacuum keeps the file to itself; what waits for too long is told so.
      const bad = found.failures.filter((kind) => work !== 'vacuum' || kind !== 'busy')
      if (bad.length > 0) trial.broken(`nothing fails while a ${work} is under way`, found)
      if (found.delayP99_ms > most_ms)
        trial.broken(`event loop delay p99 below ${most_ms} ms during a ${work}`, found)
    }
    answered(await worker.call('close', null))
    await worker.end()
    return { runs: events, figures: `${events} events: ${figures.join('; ')}` }
  },
}
