// The limit: a program over better-sqlite3 alone that writes, for the commands of the shop, exactly the
// rows that Selfsame writes. It has no decoding, no rules, no types of events, no general keys; each
// command is a few statements written by hand, in one transaction or in a group of them.

import Sqlite from 'better-sqlite3'
import {
  commandIdOf,
  deviceOf,
  installationOf,
  type Kind,
  nameOf,
  phoneOf,
  tokenOf,
} from '../shop.js'
import type { Contestant } from './contestant.js'
import { open, openRawKeys, seal } from './raw-keys.js'
import { newIds, openRawLog } from './raw-log.js'

interface Cell {
  readonly at: number
  readonly by: string
  readonly rank: string
  readonly value: string
}
/** The part of a user's row that the commands change; its keys stand in order, as they are written. */
interface UserRow {
  cells: Record<string, Cell>
  identities: Record<string, object>
  own: { createdAt: string; standing: object }
  standing: { readonly type?: string }
}

const quoted = JSON.stringify

export const pragmas = [
  'busy_timeout = 0',
  'journal_mode = WAL',
  'synchronous = FULL',
  'foreign_keys = ON',
  'secure_delete = ON',
]

export interface Raw extends Contestant {
  /** A user with its installation, found by its phone. */
  readonly fetch: (person: number) => unknown
}

/** Opens a file that Selfsame has made and nobody has written to, or one that this program filled. */
export const openRaw = (file: string): Raw => {
  const db = new Sqlite(file)
  for (const pragma of pragmas) db.pragma(pragma)
  const keys = openRawKeys(db, file)
  const log = openRawLog(db, keys)
  const known = db.prepare<[string], number>('SELECT 1 FROM commands WHERE id = ?').pluck()
  const remember = db.prepare('INSERT INTO commands VALUES (?, ?, ?, ?, ?, ?)')
  const userRow = db.prepare<[string], Buffer>('SELECT row FROM users WHERE id = ?').pluck()
  const putUser = db.prepare("INSERT INTO users VALUES (?, 'active', NULL, NULL, ?, ?)")
  const setUser = db.prepare('UPDATE users SET row = ? WHERE id = ?')
  const installation = db.prepare<[string], { readonly owner: string; readonly row: Buffer }>(
    'SELECT owner, row FROM installations WHERE id = ?',
  )
  const putInstallation = db.prepare('INSERT INTO installations VALUES (?, ?, ?)')
  const holder = db
    .prepare<[Buffer], string>('SELECT user_id FROM identities WHERE key = ?')
    .pluck()
  const putHolder = db.prepare('INSERT INTO identities VALUES (?, ?)')
  const token = db.prepare<[Buffer], string>('SELECT 1 FROM tokens WHERE key = ?').pluck()
  const putToken = db.prepare('INSERT INTO tokens VALUES (?, ?)')

  const readUser = (id: string): UserRow => {
    const row = userRow.get(id)
    if (row === undefined) throw new Error(`no user ${id}`)
    return JSON.parse(open(keys.keyOf(id), row, `row users ${id} ${id}`).toString())
  }
  const sealRow = (table: string, id: string, owner: string, row: string): Buffer =>
    seal(keys.keyOf(owner), Buffer.from(row), `row ${table} ${id} ${owner}`)
  const writeUser = (id: string, row: UserRow): void => {
    setUser.run(sealRow('users', id, id, quoted(row)), id)
  }
  const readInstallation = (id: string) => {
    const row = installation.get(id)
    if (row === undefined) throw new Error(`no installation ${id}`)
    const text = open(keys.keyOf(row.owner), row.row, `row installations ${id} ${row.owner}`)
    return { owner: row.owner, row: JSON.parse(text.toString()) }
  }

  const register = (n: number, commandId: string, now: string, at: number) => {
    const ids = newIds()
    const [user, id, service] = [ids(0), installationOf(n), tokenOf(n)]
    const tokenKey = keys.digest('token', quoted(['shop', 'FCM', service]))
    if (installation.get(id) !== undefined || token.get(tokenKey) !== undefined)
      throw new Error(`${id} is registered already`)
    keys.give(user)
    const personal = `{"deviceName":${quoted(deviceOf(n))},"pushServiceToken":${quoted(service)}}`
    log.append(at + 1, now, {
      id: ids(1),
      type: 'UserCreated',
      commandId,
      payload: `{"userId":"${user}","userType":"LEAD"}`,
      box: null,
      tags: [`user:${user}`],
    })
    log.append(at + 2, now, {
      id: ids(2),
      type: 'InstallationRegistered',
      commandId,
      payload: `{"applicationId":"shop","device":{"os":"Android","pushServiceType":"FCM"},"fields":["deviceName","pushServiceToken"],"isPushRegistrationEnabled":true,"pushRegistrationId":${quoted(id)},"userId":"${user}"}`,
      box: { owner: user, content: `{"values":${personal}}` },
      tags: [`installation:${id}`, `user:${user}`],
    })
    const row = `{"born":${at + 1},"cells":{},"createdAt":"${now}","hidden":{},"id":"${user}","identities":{},"installations":[{"at":${at + 2},"id":${quoted(id)},"matched":[]}],"merges":0,"own":{"createdAt":"${now}","standing":{"type":"LEAD"}},"released":[],"standing":{"type":"LEAD"},"status":"active"}`
    putUser.run(user, user, sealRow('users', user, user, row))
    const used = `{"applicationId":"shop","device":{"os":"Android","pushServiceType":"FCM"},"id":${quoted(id)},"isPushRegistrationEnabled":true,"notificationsEnabled":true,"personal":${personal},"status":"active","userId":"${user}"}`
    putInstallation.run(id, user, sealRow('installations', id, user, used))
    putToken.run(tokenKey, id)
    return { user, id, count: 2 }
  }

  const personalize = (n: number, commandId: string, now: string, at: number) => {
    const ids = newIds()
    const [id, phone] = [installationOf(n), phoneOf(n)]
    const { owner: user } = readInstallation(id)
    const row = readUser(user)
    const key = `phone:${phone}`
    const identityKey = keys.digest('identity', key)
    if (holder.get(identityKey) !== undefined) throw new Error(`${phone} is taken`)
    log.append(at + 1, now, {
      id: ids(0),
      type: 'IdentityLinked',
      commandId,
      payload: `{"kind":"phone","userId":"${user}"}`,
      box: { owner: user, content: `{"value":${quoted(phone)}}` },
      tags: [`identity:${keys.digest('tag', `identity:${key}`).toString('hex')}`, `user:${user}`],
    })
    log.append(at + 2, now, {
      id: ids(1),
      type: 'ProfilePromoted',
      commandId,
      payload: `{"userId":"${user}"}`,
      box: null,
      tags: [`user:${user}`],
    })
    row.identities[key] = { at: at + 1, by: user, key, kind: 'phone', value: phone }
    row.own.standing = { promotedAt: now, type: 'CUSTOMER' }
    row.standing = { promotedAt: now, type: 'CUSTOMER' } as UserRow['standing']
    writeUser(user, row)
    putHolder.run(identityKey, user)
    return { user, id, count: 2 }
  }

  const save = (n: number, commandId: string, now: string, at: number, turn: number) => {
    const user = holder.get(keys.digest('identity', `phone:${phoneOf(n)}`))
    if (user === undefined) throw new Error(`nobody has the phone of ${n}`)
    const row = readUser(user)
    const value = nameOf(n + turn)
    log.append(at + 1, now, {
      id: newIds()(0),
      type: 'UserAttributesChanged',
      commandId,
      payload: `{"fields":["firstName"],"userId":"${user}"}`,
      box: { owner: user, content: `{"values":{"firstName":${quoted(value)}}}` },
      tags: [`user:${user}`],
    })
    const { firstName: _before, ...others } = row.cells
    row.cells = { firstName: cell(row, at + 1, user, value), ...others }
    writeUser(user, row)
    return { user, id: null, count: 1 }
  }

  const setPrimary = (n: number, commandId: string, now: string, at: number) => {
    const id = installationOf(n)
    const { owner: user } = readInstallation(id)
    const row = readUser(user)
    log.append(at + 1, now, {
      id: newIds()(0),
      type: 'PrimaryAssigned',
      commandId,
      payload: `{"pushRegistrationId":${quoted(id)},"userId":"${user}"}`,
      box: null,
      tags: [`installation:${id}`, `user:${user}`],
    })
    row.cells = { ...row.cells, primary: cell(row, at + 1, user, id) }
    writeUser(user, row)
    return { user, id, count: 1 }
  }

  const cell = (row: UserRow, at: number, by: string, value: string): Cell => ({
    at,
    by,
    rank: row.standing.type ?? '',
    value,
  })

  const work = {
    RegisterInstallation: register,
    Personalize: personalize,
    SaveUser: save,
    SetPrimary: setPrimary,
  }

  const execute = (kind: Kind, n: number, turn: number, now: string, at: number): number => {
    const commandId = commandIdOf(kind, n, turn)
    if (known.get(commandId) !== undefined) throw new Error(`${commandId} is done already`)
    const { user, id, count } = work[kind](n, commandId, now, at, turn)
    const content = keys.digest('command', quoted({ kind, n, phone: phoneOf(n), id }))
    remember.run(commandId, content.toString('hex'), at + count, count, user, id)
    return at + count
  }

  return {
    run: async (kind, people, turn, inFlight) => {
      for (let first = 0; first < people.length; first += inFlight)
        db.transaction(() => {
          const now = new Date().toISOString()
          let at = log.last()
          for (const n of people.slice(first, first + inFlight))
            at = execute(kind, n, turn, now, at)
        }).immediate()
    },
    fetch: (n) => {
      const user = holder.get(keys.digest('identity', `phone:${phoneOf(n)}`))
      if (user === undefined) throw new Error(`nobody has the phone of ${n}`)
      return [readUser(user), readInstallation(installationOf(n))]
    },
    close: async () => {
      db.close()
    },
  }
}
