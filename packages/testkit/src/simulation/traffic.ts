// Many clients and the network between them and the engine: commands wait there, are overtaken, come
// twice, and are given again by a client that got no answer.

import type { Json } from '@selfsame/core'
import fc from 'fast-check'
import { steps } from '../arbitraries/commands.js'
import type { History } from '../arbitraries/history.js'
import { type Sequence, sequences } from '../arbitraries/sequences.js'
import { isObject, previewed, resolveSymbols } from '../arbitraries/symbols.js'
import type { Chance } from './random.js'
import type { Tally } from './tally.js'

/** A command on its way. */
export interface Message {
  readonly command: Json
  readonly isPreview: boolean
}

/** The clients of an account, and what its embedder chose. */
export interface Traffic {
  readonly rules: Sequence['rules']
  /** How many messages are on their way. */
  readonly waiting: () => number
  /** A client gives its next command, by what the clients know. */
  readonly send: (history: History) => void
  /** What arrives now: a preview, a command, or several commands at once. */
  readonly arrive: () => ReadonlyArray<Message>
  /** The engine died or an answer was lost: most clients give their command again. */
  readonly unanswered: (messages: ReadonlyArray<Message>) => void
}

/** The most steps of an account: its clients have as many commands ready. */
export const accountStepsMax = 200
const batchMax = 4

/** Opens the clients of a seed. */
export const openTraffic = (
  seed: number,
  clients: number,
  chance: Chance,
  tally: Tally,
): Traffic => {
  const [story] = fc.sample(sequences, { seed, numRuns: 1 })
  const [more = []] = fc.sample(
    fc.noBias(fc.array(steps, { minLength: accountStepsMax, maxLength: accountStepsMax })),
    { seed, numRuns: 1 },
  )
  const ready = [...(story?.steps ?? []), ...more]
  const network: Message[] = []
  let given = 0

  const takeOne = (isWanted: (message: Message) => boolean): Message | undefined => {
    const wanted = network.filter(isWanted)
    const message = wanted[chance.happens(50) ? 0 : chance.below(wanted.length)]
    if (message === undefined) return undefined
    const at = network.indexOf(message)
    if (at > 0) tally.reordered += 1
    network.splice(at, 1)
    if (chance.happens(8)) {
      tally.duplicates += 1
      network.splice(chance.below(network.length + 1), 0, message)
    }
    return message
  }

  return {
    rules: story?.rules ?? { personalizeUnknownIdentity: 'refuse', anonymousData: 'fill' },
    waiting: () => network.length,
    send: (history) => {
      const drawn = chance.happens(4)
        ? { $plan: chance.below(12) }
        : chance.happens(3)
          ? {
              type: 'EraseUser',
              target: { userId: { $living: chance.below(12) } },
              reason: 'asked',
            }
          : ready[given % ready.length]
      const toPreview = previewed(drawn ?? null)
      const command = resolveSymbols(toPreview ?? drawn ?? null, history)
      const client = chance.below(clients)
      given += 1
      const isPreview = toPreview !== undefined || chance.happens(6)
      network.push({ command: withId(command, `c${client}:${given}`, chance), isPreview })
    },
    arrive: () => {
      const first = takeOne(() => true)
      if (first === undefined || first.isPreview || !chance.happens(30))
        return first === undefined ? [] : [first]
      const others = Array.from({ length: 1 + chance.below(batchMax - 1) }, () =>
        takeOne(({ isPreview }) => !isPreview),
      )
      return [first, ...others.flatMap((one) => one ?? [])]
    },
    unanswered: (messages) => {
      for (const message of messages) {
        if (chance.happens(10)) continue
        tally.retries += 1
        network.splice(chance.below(network.length + 1), 0, message)
      }
    },
  }
}

/** Most clients name their commands, so that they can give them again. */
const withId = (command: Json, id: string, chance: Chance): Json =>
  isObject(command) && command.type !== 'Plan' && !('commandId' in command) && chance.happens(85)
    ? { ...command, commandId: id }
    : command
