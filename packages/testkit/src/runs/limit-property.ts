// Every limit of domain.md section 3, at it and above it, in every way in which a count grows: what
// just fits is accepted, one more is refused, and the refusal names the limit and both numbers.

import type { Json, Receipt } from '@selfsame/core'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { type Sequence, sequences } from '../arbitraries/sequences.js'
import { isObject } from '../arbitraries/symbols.js'
import { type Violation, violation } from '../laws/violation.js'
import { type Declared, withDeclared } from './declared.js'
import { openRun, playStep, type Run, resultOf } from './play.js'
import { checkAll, close, type Played, type StoreProperty } from './properties.js'
import { type StoreUnderTest, underChoices } from './under-test.js'

/** A world, how much room is left below each limit, and how much more is asked for. */
interface AtLimits {
  readonly world: Sequence
  readonly room: number
  readonly more: number
}

const atLimits: fc.Arbitrary<AtLimits> = fc.record({
  world: sequences.map((world) => ({ ...world, steps: world.steps.slice(0, 12) })),
  room: fc.nat({ max: 2 }),
  more: fc.integer({ min: 1, max: 3 }),
})

/**
 * The property that every limit holds exactly, on any store: 100 phones and emails, 1,000 tags and
 * custom attributes, 50 users of a merge, 10,000 definitions of a scope.
 *
 * @example
 * const { name, check } = limitProperty({ open: async (clock) => memoryStore({ clock }) })
 * test(name, () => check({ runs: 20 }))
 *
 * @since 0.1.0
 * @category Properties
 */
export const limitProperty = (store: StoreUnderTest): StoreProperty => ({
  name: 'what just fits under a limit is accepted, and one more is refused',
  check: (options) => checkAll(atLimits, options, (story) => playLimits(store, story), 'limits'),
})

const playLimits = async (store: StoreUnderTest, story: AtLimits): Promise<Played> => {
  const world = underChoices(store, story.world)
  const declared: Declared = { user: 0, installation: 0 }
  const run = await openRun(async (clock) => withDeclared(await store.open(clock), declared), world)
  const violations: Violation[] = []
  for (const step of world.steps) {
    if (violations.length > 0) break
    run.turn(world.stepMs)
    violations.push(...(await playStep(run, step)))
  }
  if (violations.length === 0) violations.push(...(await checkLimits(run, story, declared)))
  return { run, violations: [...violations, ...(await close(run))] }
}

type Field = 'phones' | 'emails' | 'tags' | 'customAttributes'

const most: Readonly<Record<Field, number>> = {
  phones: 100,
  emails: 100,
  tags: 1000,
  customAttributes: 1000,
}
const definitionsMost = 10_000
const partiesMost = 50

/** So many values of a field, counted from a number on; no two counts give the same one. */
const some = (field: Field, from: number, count: number): Json => {
  const numbers = Array.from({ length: count }, (_, i) => from + i)
  switch (field) {
    case 'phones':
      return numbers.map((n) => `48501${100_000 + n}`)
    case 'emails':
      return numbers.map((n) => `limit-${n}@example.com`)
    case 'tags':
      return numbers.map((n) => `limit-${n}`)
    case 'customAttributes':
      return Object.fromEntries(numbers.map((n) => [`limit-${n}`, n]))
  }
}

const isIdentity = (field: Field): boolean => field === 'phones' || field === 'emails'

const userOf = (externalUserId: string): Json => ({ externalUserId })
const saveUser = (name: string, user: Json): Json => ({
  type: 'SaveUser',
  target: userOf(name),
  user,
})

/** What is asked, and the law that it is held to. */
interface Asking {
  readonly accept: (command: Json) => Promise<Receipt | undefined>
  /** Accepted where the count is within its limit, else refused with these details. */
  readonly fits: (command: Json, limit: string, allowed: number, count: number) => Promise<void>
  readonly refuse: (command: Json, code: string, details?: Json) => Promise<void>
}

const checkLimits = async (
  run: Run,
  { room, more }: AtLimits,
  declared: Declared,
): Promise<ReadonlyArray<Violation>> => {
  const found: Violation[] = []
  const asking = openAsking(run, found)
  for (const field of ['phones', 'emails', 'tags', 'customAttributes'] as const)
    await checkField(asking, field, room, more)
  await checkInstallation(asking, room, more)
  await checkParties(asking, room, more)
  await run.store.rebuild()()
  for (const scope of ['user', 'installation'] as const)
    await checkDefinitions(run, asking, declared, scope, { room, more })
  return found.slice(0, 1)
}

const openAsking = (run: Run, found: Violation[]): Asking => {
  const ask = async (command: Json) => {
    run.turn(1)
    const result = resultOf(await run.engine.execute(command)())
    run.steps = [...run.steps, { command, isPreview: false, result }]
    return result
  }
  const tell = (message: string): void => {
    found.push(violation('limit', message))
  }
  const accept: Asking['accept'] = async (command) => {
    const result = await ask(command)
    if (result._tag === 'Receipt') return result.receipt
    tell(`${nameOf(command)} is within every limit, and is not accepted: ${textOf(result)}`)
    return undefined
  }
  const refuse: Asking['refuse'] = async (command, code, details) => {
    const result = await ask(command)
    if (result._tag !== 'Refusal' || result.refusal.error.code !== code)
      return tell(`${nameOf(command)} is to be refused with ${code}: ${textOf(result)}`)
    const named = result.refusal.error.details
    if (details === undefined || 'violations' in named) return
    if (textOf(named) !== textOf(details))
      tell(`${nameOf(command)} is refused with ${textOf(named)}, not ${textOf(details)}`)
  }
  return {
    accept,
    refuse,
    fits: async (command, limit, allowed, count) => {
      if (count <= allowed) await accept(command)
      else await refuse(command, 'LIMIT_EXCEEDED', { limit, allowed, count })
    },
  }
}

const nameOf = (command: Json): string => (isObject(command) ? String(command.type) : 'it')
const textMax = 200
const textOf = (value: unknown): string => JSON.stringify(value).slice(0, textMax)

/** By a patch, by a login, by a merge; a refusal of the rule comes after that of the limit. */
const checkField = async (
  { accept, fits, refuse }: Asking,
  field: Field,
  room: number,
  more: number,
): Promise<void> => {
  const full = `${field}-full`
  const other = `${field}-other`
  const device = `${field}-device`
  const allowed = most[field]
  const held = allowed - room
  const count = held + more
  const added = some(field, 5000, more)
  const patch = (values: Json): Json => ({ [field]: values })
  for (const name of [full, other]) await accept({ type: 'CreateUser', userIdentity: userOf(name) })
  await accept(saveUser(full, patch(some(field, 0, held))))
  // Given again it counts once.
  await accept(saveUser(full, patch(some(field, 0, held))))
  await accept({ type: 'RegisterInstallation', pushRegistrationId: device, applicationId: 'shop' })
  const login = (attributes: Json, identities: Json): Json => ({
    type: 'Personalize',
    pushRegistrationId: device,
    userIdentity: { ...(isObject(identities) ? identities : {}), externalUserId: full },
    userAttributes: attributes,
  })
  if (field === 'customAttributes') {
    // The limit is told before the rule that would refuse, too.
    const taken = { customAttributes: added, externalUserId: other }
    if (count > allowed) await fits(saveUser(full, taken), field, allowed, count)
    else await refuse(saveUser(full, taken), 'USER_MERGE_INTERRUPTED')
    const exchanged = { ...(isObject(added) ? added : {}), ...nulls(some(field, 0, more)) }
    await accept(saveUser(full, patch(exchanged)))
    await accept(saveUser(full, { [field]: null }))
    await accept(saveUser(full, patch(some(field, 0, held))))
  }
  await accept(saveUser(other, patch(added)))
  const override = {
    overrides: { externalUserId: (await accept(saveUser(full, {})))?.user?.id ?? '' },
  }
  await fits(
    { type: 'MergeUsers', users: [userOf(full), userOf(other)], ...override },
    field,
    allowed,
    count,
  )
  if (count <= allowed) return
  if (isIdentity(field)) {
    await accept(saveUser(other, { [field]: [] }))
    await fits(login({}, patch(added)), field, allowed, count)
  } else if (field === 'customAttributes')
    await fits(login(patch(added), {}), field, allowed, count)
  await accept(login({}, {}))
}

const nulls = (values: Json): Readonly<Record<string, Json>> =>
  isObject(values) ? Object.fromEntries(Object.keys(values).map((name) => [name, null])) : {}

const checkInstallation = async (
  { accept, fits }: Asking,
  room: number,
  more: number,
): Promise<void> => {
  const field = 'customAttributes'
  const held = most[field] - room
  const save = (type: string, customAttributes: Json): Json => ({
    type,
    pushRegistrationId: 'full',
    ...(type === 'RegisterInstallation' ? { applicationId: 'shop' } : {}),
    customAttributes,
  })
  await accept(save('RegisterInstallation', some(field, 0, held)))
  for (const type of ['SaveInstallation', 'RegisterInstallation'])
    if (held + more > most[field])
      await fits(save(type, some(field, 5000, more)), field, most[field], held + more)
  await accept(save('SaveInstallation', { ...nulls(some(field, 0, more)), 'limit-4999': 1 }))
}

/** Users of a merge are counted as they are named, even if it is one user every time. */
const checkParties = async (
  { accept, refuse }: Asking,
  room: number,
  more: number,
): Promise<void> => {
  const count = partiesMost - room + more
  const named: Json = { type: 'MergeUsers', users: Array(count).fill(userOf('tags-full')) }
  if (count > partiesMost) await refuse(named, 'LIMIT_EXCEEDED')
  else await accept(named)
  await refuse({ type: 'MergeUsers', users: [userOf('tags-full')] }, 'REQUEST_FORMAT_INVALID')
}

/** By a declaration, or by the first values of new names; a name that is known counts no more. */
const checkDefinitions = async (
  run: Run,
  { accept, fits, refuse }: Asking,
  declared: Declared,
  scope: 'user' | 'installation',
  { room, more }: Pick<AtLimits, 'room' | 'more'>,
): Promise<void> => {
  const page = await run.store.read([], {})()
  const stored = E.isLeft(page)
    ? 0
    : page.right.events.filter(
        (event) => event.type === 'AttributeDefined' && event.payload.scope === scope,
      ).length
  const define = (name: string, attributeType = 'number'): Json => ({
    type: 'DefineAttribute',
    scope,
    name,
    attributeType,
  })
  const values = (from: number, count: number): Json => {
    const customAttributes = Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`defined-${from + i}`, i]),
    )
    return scope === 'user'
      ? saveUser('definitions', { customAttributes })
      : { type: 'SaveInstallation', pushRegistrationId: 'definitions', customAttributes }
  }
  if (scope === 'user') await accept({ type: 'CreateUser', userIdentity: userOf('definitions') })
  await accept({
    type: 'RegisterInstallation',
    pushRegistrationId: 'definitions',
    applicationId: 'shop',
  })
  declared[scope] = definitionsMost - room - stored
  await fits(values(0, more), 'definitions', definitionsMost, definitionsMost - room + more)
  const left = more <= room ? room - more : room
  for (let i = 0; i < left; i += 1)
    await accept(i % 2 === 0 ? define(`one-${i}`) : values(10 + i, 1))
  const above = { limit: 'definitions', allowed: definitionsMost, count: definitionsMost + 1 }
  await refuse(define('last'), 'LIMIT_EXCEEDED', above)
  await refuse(values(20, 1), 'LIMIT_EXCEEDED', above)
  if (left > 0) {
    await accept(define('one-0'))
    await refuse(define('one-0', 'string'), 'ATTRIBUTE_CONFLICT')
  }
  declared[scope] = 0
  await accept(define('last'))
}
