// The keys of every command: unknown ones are refused, carried ones may stand everywhere (section 4).

import { describe, expect, it } from 'vitest'
import { commandTypes } from '../../src/index.js'
import { commands } from '../support/hostile.js'
import { openWorld, violationsOf } from '../support/world.js'

const isPlan = ({ type }: { readonly type: string }): boolean => type === 'Plan'
const plain = commands.filter((command) => !isPlan(command))

const pathsOf = async (command: unknown): Promise<ReadonlyArray<string>> =>
  violationsOf(await openWorld().refused(command)).map(({ path }) => path)

describe('every command', () => {
  it('is one of thirteen', () => {
    expect(commandTypes).toHaveLength(13)
    expect([...new Set(plain.map(({ type }) => type))].sort()).toEqual([...commandTypes].sort())
  })

  for (const command of plain)
    it(`${command.type} refuses an unknown key, at the top and inside its objects`, async () => {
      expect(await pathsOf({ ...command, nope: 1 })).toEqual(['/nope'])
      const inner = Object.entries(command).filter(
        ([key, value]) =>
          typeof value === 'object' &&
          value !== null &&
          !Array.isArray(value) &&
          key !== 'customAttributes' &&
          key !== 'overrides' &&
          key !== 'fields',
      )
      for (const [key, value] of inner)
        expect(await pathsOf({ ...command, [key]: Object.assign({ nope: 1 }, value) })).toContain(
          `/${key}/nope`,
        )
    })

  for (const command of plain)
    it(`${command.type} names a key that it requires and misses`, async () => {
      const required: Readonly<Record<string, ReadonlyArray<string>>> = {
        RegisterInstallation: ['applicationId'],
        SaveInstallation: ['pushRegistrationId'],
        SetPrimary: ['pushRegistrationId', 'isPrimary'],
        Personalize: ['pushRegistrationId'],
        Depersonalize: ['pushRegistrationId'],
        DepersonalizeInstallation: ['pushRegistrationId', 'targetPushRegistrationId'],
        SaveUser: ['target', 'user'],
        CreateUser: [],
        MergeUsers: ['users'],
        UnmergeUsers: ['survivor', 'absorbed'],
        EraseUser: ['target', 'reason'],
        ExpireInstallation: ['pushRegistrationId', 'reason'],
        DefineAttribute: ['scope', 'name', 'attributeType'],
      }
      const missing = required[command.type] ?? []
      const without = Object.fromEntries(
        Object.entries(command).filter(([key]) => !missing.includes(key)),
      )
      if (missing.length > 0)
        expect(await pathsOf(without)).toEqual(missing.map((key) => `/${key}`))
    })

  it('may carry commandId, actor, correlationId, causationId, occurredAt', async () => {
    for (const command of plain) {
      const carried = {
        commandId: '',
        actor: '',
        correlationId: '',
        causationId: '',
        occurredAt: '',
      }
      expect([...(await pathsOf({ ...command, ...carried }))].sort()).toEqual(
        Object.keys(carried)
          .map((key) => `/${key}`)
          .sort(),
      )
    }
  })

  it('is an object with a type that is known', async () => {
    for (const type of [undefined, null, 1, 'personalize', '__proto__', 'toString', 'Plan '])
      expect(await pathsOf({ type })).toEqual(['/type'])
    for (const nothing of [null, undefined, 1, 'x', [], true])
      expect(await pathsOf(nothing)).toEqual([''])
  })

  it('is refused where an installation takes what only a fetched one saved back may have', async () => {
    const ignored = { userId: 'u', status: 'active', applicationId: 'shop' }
    const save = { type: 'SaveInstallation', pushRegistrationId: 'i', ...ignored }
    expect((await openWorld().refused(save)).error.code).toBe('NO_REGISTRATION')
    const register = { type: 'RegisterInstallation', pushRegistrationId: 'i', ...ignored }
    expect(await pathsOf(register)).toEqual(['/userId', '/status'])
    const create = {
      type: 'CreateUser',
      userIdentity: { externalUserId: 'a' },
      userAttributes: { id: 'x', status: 'active' },
    }
    expect(await pathsOf(create)).toEqual(['/userAttributes/id', '/userAttributes/status'])
  })
})
