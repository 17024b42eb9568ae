// Times a piece of work inside a worker, by the clock and by what the processor spent on this process;
// where a profile is asked for it is of just that piece.

import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'

export interface Timed {
  readonly seconds: number
  /** Of all threads of this process: it depends little on what else the machine does. */
  readonly processor_seconds: number
}

/** What a piece of work took; where the environment names a place its CPU profile goes there. */
export const timed = async (label: string, work: () => unknown): Promise<Timed> => {
  const place = process.env.SELFSAME_BENCH_PROFILE
  const session = place === undefined ? null : new Session()
  if (session !== null) {
    session.connect()
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: 200 })
    await session.post('Profiler.start')
  }
  const [start, before] = [process.hrtime.bigint(), process.cpuUsage()]
  await work()
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  const { user, system } = process.cpuUsage(before)
  if (session !== null) {
    const { profile } = await session.post('Profiler.stop')
    session.disconnect()
    writeFileSync(`${place}-${label}.cpuprofile`, JSON.stringify(profile))
  }
  return { seconds, processor_seconds: (user + system) / 1e6 }
}
