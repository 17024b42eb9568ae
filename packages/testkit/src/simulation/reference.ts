// What a store under simulation must come to: the same commands with the same ids and times on a store
// in memory that never crashes, and from which what a crash threw away can be taken back.

import {
  type Clock,
  type IdSource,
  type JournalLine,
  type Json,
  journaledStore,
  openEngine,
  type Recorded,
  type Remembered,
  type Store,
} from '@selfsame/core'
import * as E from 'fp-ts/lib/Either.js'
import type { Sequence } from '../arbitraries/sequences.js'
import { ask } from '../runs/play.js'
import type { Result } from '../runs/transcript.js'
import { sha256 } from './disk-store.js'

/** Whether a store remembers a command id. */
export type IsRemembered = (commandId: Remembered['commandId']) => Promise<boolean>

/** Commands as the reference has done them, one after another. */
export interface Done {
  readonly results: ReadonlyArray<Result>
  /** How many of them a log has that ends at `head`; undefined where it ends inside of one. */
  readonly countAt: (head: number, isRemembered: IsRemembered) => Promise<number | undefined>
  /** Takes back all but the first so many. */
  readonly keep: (commands: number) => void
}

/** A reference for one account. */
export interface Reference {
  readonly preview: (command: Json, ids: IdSource) => Promise<Result>
  readonly execute: (commands: ReadonlyArray<Json>, ids: IdSource) => Promise<Done>
  /** The events after a position, as they read now. */
  readonly events: (after: number) => Promise<ReadonlyArray<Recorded>>
  readonly remembered: () => ReadonlyArray<Remembered>
}

type Lines = ReadonlyArray<JournalLine>

const headOf = (lines: Lines): number => lines.reduce((n, { events }) => n + events.length, 0)

const rememberedIn = (lines: Lines): ReadonlyArray<Remembered> =>
  lines.flatMap(({ remembered }) => remembered ?? [])

/** Opens an empty reference. */
export const openReference = (clock: Clock, rules: Sequence['rules']): Reference => {
  let lines: Lines = []
  const journal = {
    lines: () => lines,
    add: (line: JournalLine) => {
      lines = [...lines, line]
    },
    replace: (others: Lines) => {
      lines = others
    },
  }
  const open = (): Store => {
    const opened = journaledStore({ clock, digest: sha256, journal })
    if (E.isLeft(opened)) throw new Error(opened.left.message)
    return opened.right
  }
  let store = open()

  return {
    preview: (command, ids) => ask(openEngine({ store, idSource: ids, ...rules }), command, true),
    execute: async (commands, ids) => {
      const engine = openEngine({ store, idSource: ids, ...rules })
      const states: Lines[] = [lines]
      const results: Result[] = []
      for (const command of commands) {
        results.push(await ask(engine, command, false))
        states.push(lines)
      }
      return {
        results,
        countAt: async (head, isRemembered) => {
          const at = states.findIndex((state) => headOf(state) === head)
          if (at === -1) return undefined
          // What records no event shows in what is remembered, or it leaves nothing to be lost.
          for (let count = at; ; count += 1) {
            const [state, next] = [states[count], states[count + 1]]
            if (state === undefined || next === undefined || headOf(next) !== head) return count
            for (const { commandId } of rememberedIn(next.slice(state.length)))
              if (!(await isRemembered(commandId))) return count
          }
        },
        keep: (count) => {
          const state = states[count]
          if (state === undefined || state === lines) return
          lines = state
          store = open()
        },
      }
    },
    events: async (after) => {
      const page = await store.read([], { after })()
      if (E.isLeft(page)) throw new Error(page.left.message)
      return page.right.events
    },
    remembered: () => rememberedIn(lines),
  }
}
