// The published JSON Schemas: as the codecs make them, and as real commands, events and refusals are.
// The validator is ajv, which shares no code with the codecs.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalog, commandTypes, type Json, jsonSchema, refusalCodes } from '@selfsame/core'
import { sequences, tellStory, wrongCommands } from '@selfsame/testkit'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inProcess, root } from './selfsame.js'

const documents = ['command', 'event', 'receipt', 'refusal', 'export', 'erasure', 'evidence']
const fileOf = (name: string): string => join(root, 'docs/schema', `${name}.schema.json`)

/** Formats are annotations, as the draft has it; everything else that ajv does not know is an error. */
const validator = (name?: string): ValidateFunction =>
  new Ajv2020({
    strict: true,
    strictTypes: false,
    strictRequired: false,
    validateFormats: false,
  }).compile(jsonSchema(name) ?? false)

const wrongIn = (validate: ValidateFunction, value: unknown): unknown =>
  validate(value) ? null : { value, errors: validate.errors?.slice(0, 5) }

describe('the schemas that are checked in', () => {
  it.each(documents)('%s is the one that the codecs make', (name) => {
    const kept: unknown = JSON.parse(readFileSync(fileOf(name), 'utf8'))
    // Made again by: pnpm selfsame schema NAME > docs/schema/NAME.schema.json; pnpm format docs/schema
    expect(kept).toEqual(jsonSchema(name))
  })

  it('name every command, every event and every refusal', () => {
    const named = (name: string) => Object.keys(Object(jsonSchema(name)?.$defs))
    expect(named('command')).toEqual(expect.arrayContaining([...commandTypes]))
    expect(named('event')).toEqual(expect.arrayContaining(Object.keys(catalog)))
    expect(named('refusal')).toEqual(expect.arrayContaining([...refusalCodes]))
  })
})

const seed = 20_261_125
const runs = process.env.SELFSAME_LONG ? 5000 : 300

describe(`random sequences (seed ${seed})`, { timeout: 240_000 }, () => {
  it('commands that were taken, events, receipts and refusals are valid under their schema', async () => {
    const names = ['command', 'event', 'receipt', 'refusal']
    const [command, event, receipt, refusal] = names.map(validator)
    if (!command || !event || !receipt || !refusal) throw new Error('four schemas')
    const met = new Set<string>()
    await fc.assert(
      fc.asyncProperty(sequences, async (sequence) => {
        const { steps, events } = await tellStory(sequence)
        for (const { command: given, result, isPreview } of steps) {
          if (result._tag === 'Refusal') {
            met.add(result.refusal.error.code)
            expect(wrongIn(refusal, result.refusal)).toBeNull()
          }
          if (result._tag === 'Receipt')
            expect(wrongIn(receipt, JSON.parse(JSON.stringify(result.receipt)))).toBeNull()
          if (result._tag !== 'Receipt' || isPreview || Object(given).type === 'Plan') continue
          met.add(Object(given).type)
          expect(wrongIn(command, normal(given))).toBeNull()
        }
        for (const one of events) {
          met.add(one.type)
          expect(wrongIn(event, JSON.parse(JSON.stringify(one)))).toBeNull()
        }
      }),
      { seed, numRuns: runs },
    )
    const all = [...commandTypes, ...Object.keys(catalog), ...refusalCodes]
    expect(all.filter((name) => !met.has(name))).toEqual([])
  })

  it('a command with one thing wrong is valid under none', () => {
    const command = validator('command')
    fc.assert(
      fc.property(wrongCommands, (wrong) => !command(wrong)),
      { seed, numRuns: 500 },
    )
  })
})

/** Lengths are those of NFC, and a command is read without what is undefined. */
const normal = (value: Json): unknown => JSON.parse(JSON.stringify(value).normalize('NFC'))

describe('strictness', () => {
  const command = validator('command')
  const merge = { type: 'MergeUsers', users: [{ userId: 'a' }, { phone: '+48 600 700 800' }] }
  const define = { type: 'DefineAttribute', scope: 'user', name: 'orders' }

  it.each<[string, unknown]>([
    ['a phone with its separators', merge],
    ['an override of a custom attribute', { ...merge, overrides: { 'customAttributes.a.b': 'a' } }],
    ['a list with its fields', { ...define, attributeType: 'list', fields: { sku: 'string' } }],
    ['a user saved back', { type: 'SaveUser', target: { userId: 'a' }, user: { id: 'a' } }],
    ['an empty birthday', { type: 'SaveUser', target: { userId: 'a' }, user: { birthday: '' } }],
    ['a name of 255 astral characters', saveName('😀'.repeat(255))],
  ])('takes %s', (_, given) => {
    expect(wrongIn(command, given)).toBeNull()
  })

  it.each<[string, unknown]>([
    ['a misspelt key', { type: 'Depersonalize', pushRegistrationID: 'a' }],
    ['a key too many', { type: 'Depersonalize', pushRegistrationId: 'a', force: true }],
    ['a user by two names', { ...merge, survivor: { userId: 'a', phone: '48600700800' } }],
    ['a user by no name', { ...merge, survivor: {} }],
    ['one user to merge', { ...merge, users: [{ userId: 'a' }] }],
    ['a phone of 16 digits', { ...merge, survivor: { phone: '1234567890123456' } }],
    ['a phone that begins with 0', { ...merge, survivor: { phone: '0600700800' } }],
    ['the word null as an id', { ...merge, survivor: { externalUserId: 'NuLL' } }],
    ['an override of a set', { ...merge, overrides: { tags: 'a' } }],
    ['an override of no attribute', { ...merge, overrides: { 'customAttributes.': 'a' } }],
    ['a list without fields', { ...define, attributeType: 'list' }],
    ['fields without a list', { ...define, attributeType: 'string', fields: { sku: 'string' } }],
    ['a list without an object', saveCustom([])],
    ['a list of lists', saveCustom([{ a: [1] }])],
    ['a control character', saveName('a\u0000b')],
    ['a name of 256 characters', saveName('a'.repeat(256))],
  ])('refuses %s', (_, given) => {
    expect(command(given)).toBe(false)
  })
})

function saveName(firstName: string) {
  return { type: 'SaveUser', target: { userId: 'a' }, user: { firstName } }
}

function saveCustom(orders: unknown) {
  return { type: 'SaveUser', target: { userId: 'a' }, user: { customAttributes: { orders } } }
}

describe('selfsame schema', () => {
  it('prints all documents in one that a validator takes', async () => {
    const { status, stdout, stderr } = await inProcess(['schema'])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual(jsonSchema())
    const all = validator()
    expect(wrongIn(all, { type: 'Depersonalize', pushRegistrationId: 'a' })).toBeNull()
    expect(all({ type: 'Depersonalise', pushRegistrationId: 'a' })).toBe(false)
  })

  it('prints a document, or one command, event or refusal that needs nothing else', async () => {
    for (const name of [...documents, 'Personalize', 'UsersMerged', 'USER_ERASED']) {
      const { stdout } = await inProcess(['schema', name])
      expect(JSON.parse(stdout)).toEqual(jsonSchema(name))
      validator(name)
    }
    const one = validator('Depersonalize')
    expect(one({ type: 'Depersonalize', pushRegistrationId: 'a' })).toBe(true)
    expect(one({ type: 'EraseUser', target: { userId: 'a' }, reason: 'asked' })).toBe(false)
  })

  it('shows in its help what may be asked for, in 80 columns', async () => {
    const { stdout } = await inProcess(['schema', '--help'])
    expect(stdout).toContain('$ selfsame schema Personalize')
    for (const name of documents) expect(stdout).toContain(name)
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
  })

  it('ends with 64 where nothing is called so', async () => {
    for (const name of ['Personalise', 'toString', '__proto__']) {
      const { status, stdout, stderr } = await inProcess(['schema', name])
      expect({ status, stdout }).toEqual({ status: 64, stdout: '' })
      expect(stderr).toContain(name)
    }
  })
})
