// The model as a whole: command ids, limits, and one copy of the world after another.

import type { Json, RefusalCode } from '@selfsame/core'
import { isObject } from '../arbitraries/symbols.js'
import { decide } from './decide.js'
import { detailsOf } from './details.js'
import type { Given } from './naming.js'
import { isMisshapen, isWellFormed } from './shapes.js'
import { type Shown, shownBy } from './shows.js'
import type { Parsed, Parser, Parsing } from './values.js'
import { emptyWorld, type World } from './world.js'
import { overLimit } from './writing.js'

/** What the model says to a command: a refusal, or the world afterwards and whom a receipt shows. */
export type Answer =
  | { readonly refused: RefusalCode; readonly details?: Json }
  | { readonly world: World; readonly shown: Shown | null }

/** A copy that later commands may change; what was recorded in it stays what it is. */
const copyOf = (world: World): World => ({
  people: new Map(
    [...world.people].map(([id, one]) => [id, { ...one, entries: [...one.entries] }]),
  ),
  devices: new Map(
    [...world.devices].map(([id, one]) => [
      id,
      { ...one, custom: new Map(one.custom), device: new Map(one.device) },
    ]),
  ),
  identities: new Map(world.identities),
  freed: new Set(world.freed),
  definitions: new Map(world.definitions),
  remembered: new Map(world.remembered),
  kept: [],
  now: world.now,
  count: world.count,
})

/**
 * Asks the model: `now` is what the clock shows, and time never runs backwards behind what was recorded.
 * A command that records nothing is no time that later ones must wait for.
 */
export const askModel = async (
  world: World,
  parse: Parser,
  command: Json,
  now: string,
  given: Given,
): Promise<Answer> => {
  const plan = planIn(command)
  const bare = plan?.command ?? command
  const parsing = seen(bare, await parse(bare))
  if ('refused' in parsing) return parsing
  const { parsed, content } = parsing
  const commandId = commandIdIn(bare) ?? plan?.id
  const known = commandId === undefined ? undefined : world.remembered.get(commandId)
  if (known !== undefined)
    return known === content ? { world, shown: null } : { refused: 'COMMAND_ID_REUSED' }
  const after = copyOf(world)
  if (now > after.now) after.now = now
  const refused = decide(after, parsed, given)
  if (refused !== null) return refusal(refused, detailsOf(world, parsed, refused, given))
  const above = overLimit(after)
  if (above !== undefined) return refusal('LIMIT_EXCEEDED', above)
  const shown = shownBy(world, after, parsed, given)
  if (!shown.isRecorded) after.now = world.now
  if (commandId !== undefined) after.remembered.set(commandId, content)
  return { world: after, shown }
}

const refusal = (refused: RefusalCode, details: Json | undefined): Answer =>
  details === undefined ? { refused } : { refused, details }

/** The world before the first command. */
export const beginning: World = emptyWorld()

/** The command of a plan, and the id under which a plan without one is remembered. */
const planIn = (command: Json): { readonly command: Json; readonly id: string } | undefined =>
  isObject(command) && command.type === 'Plan'
    ? { command: command.command ?? null, id: `plan:${String(command.seed)}` }
    : undefined

const commandIdIn = (command: Json): string | undefined =>
  isObject(command) && typeof command.commandId === 'string' ? command.commandId : undefined

/**
 * What the model sees of a command for itself: row 1 of Personalize, which is a rule, keys that nobody
 * knows, and commands that are well-formed beyond doubt.
 */
const seen = (command: Json, parsing: Parsing): Parsing => {
  if (!('refused' in parsing))
    return isMisshapen(command) ? { refused: 'REQUEST_FORMAT_INVALID' } : parsing
  if (parsing.refused !== 'USER_IDENTITY_INVALID')
    return isWellFormed(command) ? { parsed: nothing, content: '' } : parsing
  const isNobody = !isObject(command) || namesNobody(command.userIdentity ?? null)
  return isNobody ? parsing : { parsed: nothing, content: '' }
}

/** Registers what nobody knows: no engine that refuses a command can agree with it. */
const nothing: Parsed = { type: 'RegisterInstallation', applicationId: 'model' }

const namesNobody = (given: Json): boolean => {
  if (!isObject(given)) return true
  const { externalUserId = null, phones = [], emails = [] } = given
  const empty = (one: Json): boolean =>
    one === null || (typeof one === 'string' && /^(null)?$/i.test(one))
  return (
    empty(externalUserId) &&
    [phones, emails].every((set) => !Array.isArray(set) || set.every((one: Json) => empty(one)))
  )
}
