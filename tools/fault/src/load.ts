// What a worker does by itself for a while: write as fast as it can and tell how its event loop fared,
// or claim phone numbers that other processes claim at the same moment.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Engine } from '@selfsame/core'

/** Commands under way at once: what a busy server has. */
const inFlight = 16

export interface Share {
  readonly commands: number
  readonly failures: ReadonlyArray<string>
  readonly delayP99_ms: number
  readonly delayMax_ms: number
}

/** Registers and saves installations for some seconds. */
export const writeFor = async (engine: Engine, name: string, seconds: number): Promise<Share> => {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const end = Date.now() + seconds * 1000
  const failures: string[] = []
  let commands = 0
  const lane = async (number: number): Promise<void> => {
    for (let i = 0; Date.now() < end; i += 1) {
      const result = await engine.registerInstallation({
        pushRegistrationId: `${name}-${number}-${i}`,
        applicationId: 'shop',
      })()
      if (result._tag === 'Right') commands += 1
      else failures.push('kind' in result.left ? result.left.kind : result.left.error.code)
    }
  }
  delay.enable()
  await Promise.all(Array.from({ length: inFlight }, (_, number) => lane(number)))
  delay.disable()
  return {
    commands,
    failures,
    delayP99_ms: delay.percentile(99) / 1e6,
    delayMax_ms: delay.max / 1e6,
  }
}

/** The phone number of a round. */
export const phoneOf = (n: number): string => `+4479${String(10_000_000 + n).padStart(8, '0')}`

/** Claims a phone number for each round; tells `won`, or the code of the refusal or failure. */
export const claimAll = (
  engine: Engine,
  rounds: ReadonlyArray<number>,
): Promise<ReadonlyArray<string>> =>
  Promise.all(
    rounds.map(async (round) => {
      const result = await engine.createUser({ userIdentity: { phones: [phoneOf(round)] } })()
      if (result._tag === 'Right') return 'won'
      return 'kind' in result.left ? `failed: ${result.left.kind}` : result.left.error.code
    }),
  )
