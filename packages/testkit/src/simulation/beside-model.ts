// The model beside a simulation: told every command that took effect, in the order of the log, and
// compared with the engine by what is refused and by the picture of everybody.

import { type Engine, instantFromMillis, type Json } from '@selfsame/core'
import type { Sequence } from '../arbitraries/sequences.js'
import { type Violation, violation } from '../laws/violation.js'
import { askModel, beginning } from '../model/model.js'
import { inEngine, inModel, textOf } from '../model/picture.js'
import { openParser } from '../model/values.js'
import { givenBy } from '../runs/given-by.js'
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
  return {
    take: async (command, result, nowMs) => {
      // Whether a preview is stale is told by events, and the model keeps none.
      const code = result._tag === 'Refusal' ? result.refusal.error.code : null
      if (code === 'STALE_PREVIEW') return []
      const given = givenBy(rules, result)
      const answer = await askModel(world, parse, command, instantFromMillis(nowMs), given)
      const wanted = 'refused' in answer ? answer.refused : null
      if (code !== wanted || (result._tag !== 'Receipt' && result._tag !== 'Refusal'))
        return [
          violation('model', `${resultText(result)}, where the model says ${wanted ?? 'accepted'}`),
        ]
      if ('world' in answer) world = answer.world
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
