// Names instead of the ids that an engine makes: the first user it creates reads `user-1`, the first
// installation without an id of its own `installation-1`, and a command may point at them by that.

import type { Json, Recorded } from '@selfsame/core'
import { isObject } from '../arbitraries/symbols.js'

/** The names given so far. */
export interface Names {
  /** Takes what an engine recorded: new ids get a name. */
  readonly learn: (events: ReadonlyArray<Recorded>) => void
  /** A name that the test itself uses is nobody else's. */
  readonly reserve: (name: string) => void
  /** Anything that came from the engine, ids read as names. */
  readonly shown: (value: unknown) => Json
  /** The same of a value whose form stays. */
  readonly shownIn: <A>(value: A) => A
  /** A command of the test, names put back to ids. */
  readonly meant: (command: Json) => Json
}

const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The keys under which a command names a user or an installation by its id. */
const idKeys: ReadonlySet<string> = new Set([
  'userId',
  'absorbed',
  'pushRegistrationId',
  'targetPushRegistrationId',
  'requestedBy',
])

/** Opens the book of names. */
export const openNames = (): Names => {
  const byId = new Map<string, string>()
  const byName = new Map<string, string>()
  const reserved = new Set<string>()

  const name = (id: string, kind: string): void => {
    if (!uuid.test(id) || byId.has(id)) return
    let n = 1
    while (byName.has(`${kind}-${n}`) || reserved.has(`${kind}-${n}`)) n += 1
    byId.set(id, `${kind}-${n}`)
    byName.set(`${kind}-${n}`, id)
  }

  const rename = (json: Json): Json => {
    if (typeof json === 'string') return json.replace(uuids, (id) => byId.get(id) ?? id)
    if (Array.isArray(json)) return json.map(rename)
    if (!isObject(json)) return json
    return Object.fromEntries(Object.entries(json).map(([key, part]) => [key, rename(part)]))
  }

  const idOf = (json: Json): Json => (typeof json === 'string' ? (byName.get(json) ?? json) : json)

  const meant = (json: Json): Json => {
    if (Array.isArray(json)) return json.map(meant)
    if (!isObject(json)) return json
    return Object.fromEntries(
      Object.entries(json).map(([key, part]) => {
        if (idKeys.has(key)) return [key, idOf(part)]
        if (key === 'overrides' && isObject(part))
          return [
            key,
            Object.fromEntries(Object.entries(part).map(([field, id]) => [field, idOf(id)])),
          ]
        return [key, holdsValues.has(key) ? part : meant(part)]
      }),
    )
  }

  const shown = (value: unknown): Json =>
    rename(value === undefined ? null : JSON.parse(JSON.stringify(value)))

  return {
    learn: (events) => {
      for (const event of events) {
        if (event.type === 'UserCreated') name(event.payload.userId, 'user')
        if (event.type === 'InstallationRegistered')
          name(event.payload.pushRegistrationId, 'installation')
      }
    },
    reserve: (one) => reserved.add(one),
    shown,
    shownIn: <A>(value: A) => shown(value) as A,
    meant,
  }
}

/** What stands under these keys is data of a person: a name in it is a name, not an id. */
const holdsValues: ReadonlySet<string> = new Set(['customAttributes', 'userAttributes', 'device'])
