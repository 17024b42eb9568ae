// The model beside a simulation: told every command that took effect, in the order of the log, and
// compared with the engine by what is refused and by the picture of everybody.

import { type Engine, instantFromMillis, type Json, type Recorded } from '@selfsame/core'
import type { Sequence } from '../arbitraries/sequences.js'

import { type Violation, violation } from '../laws/violation.js'
import { askModel, beginning } from '../model/model.js'
import type { Given } from '../model/naming.js'
import { inEngine, inModel, textOf } from '../model/picture.js'
import { openParser } from '../model/values.js'
import { type Result, resultText } from '../runs/transcript.js'

/** A model that goes along. */
export interface BesideModel {
  /** Takes a command that was decided when the clock showed `nowMs`. */
  readonly take: (command: Json, result: Result, nowMs: number) => Promise<ReadonlyArray<Violation>>
  /** Compares what an engine shows of everybody. */
  readonly compare: (engine: Engine) => Promise<ReadonlyArray<Violation>>
}

/** Opens a model of an empty account. */
export const openBesideModel = (rules: Sequence['rules']): BesideModel => {
  const parse = openParser()
  let world = beginning
  let recordedAt: Recorded['recordedAt'] | undefined
  return {
    take: async (command, result, nowMs) => {
      // Whether a preview is stale is told by events, and the model keeps none.
      const code = result._tag === 'Refusal' ? result.refusal.error.code : null
      if (code === 'STALE_PREVIEW') return []
      const given = givenBy(rules, result)
      // Time is that of the last event: a command that records nothing does not hold the clock.
      world = { ...world, now: recordedAt ?? world.now }
      const answer = await askModel(world, parse, command, instantFromMillis(nowMs), given)
      const wanted = 'refused' in answer ? answer.refused : null
      if (code !== wanted || (result._tag !== 'Receipt' && result._tag !== 'Refusal'))
        return [
          violation('model', `${resultText(result)}, where the model says ${wanted ?? 'accepted'}`),
        ]
      if ('world' in answer) world = answer.world
      const last = result._tag === 'Receipt' ? result.receipt.events.at(-1)?.recordedAt : undefined
      if (last !== undefined && (recordedAt === undefined || last > recordedAt)) recordedAt = last
      return []
    },
    compare: async (engine) => {
      const [shown, told] = [inEngine(engine), inModel(world)]
      const found: Violation[] = []
      for (const [kind, ids] of [
        ['user', world.people.keys()],
        ['installation', world.devices.keys()],
      ] as const)
        for (const id of ids) {
          const [ours, theirs] = [textOf(await shown(kind, id)), textOf(await told(kind, id))]
          if (ours !== theirs)
            found.push(violation('model', `the ${kind} ${id} is ${ours}, not ${theirs}`))
        }
      return found
    },
  }
}

/** Ids are the engine's to give: the model takes them from the events, and nothing else. */
const givenBy = (rules: Sequence['rules'], result: Result): Given => {
  const events = result._tag === 'Receipt' ? result.receipt.events : []
  const created: ReadonlyArray<string> = events.flatMap((event) =>
    event.type === 'UserCreated' ? [event.payload.userId] : [],
  )
  const moved = new Map(events.flatMap(movedIn))
  const unknown = 'an id that the engine did not give'
  return {
    rules,
    newInstallation: () =>
      (result._tag === 'Receipt' ? result.receipt.installation?.pushRegistrationId : undefined) ??
      unknown,
    newUser: (id) => (id === undefined ? created[0] : moved.get(id)) ?? unknown,
    orderOf: (userId) => created.indexOf(userId),
  }
}

const movedIn = (event: Recorded): ReadonlyArray<readonly [string, string]> =>
  event.type === 'UserErased'
    ? event.payload.installations.map((one) => [one.pushRegistrationId, one.userId])
    : []
