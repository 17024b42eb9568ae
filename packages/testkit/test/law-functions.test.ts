// The laws as functions: each holds for what the engine does, and names what is planted against it.

import {
  type Decision,
  type Directory,
  type Engine,
  emptyDirectory,
  fold,
  instantFromMillis,
  memoryStore,
  openEngine,
  type Recorded,
  type Store,
  type Upcaster,
  type UserId,
} from '@selfsame/core'
import {
  checkDecision,
  checkMergeLaws,
  checkPatch,
  checkProjection,
  checkUpcasters,
  checkWordings,
  countingIds,
  type OldPayload,
  type Projection,
  startMs,
  steppingClock,
  type Violation,
} from '@selfsame/testkit'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { beginning, merge, tell } from './story.js'

const messages = (violations: ReadonlyArray<Violation>): ReadonlyArray<string> =>
  violations.map(({ message }) => message)

describe('checkDecision', () => {
  const at = { now: instantFromMillis(startMs), head: 0 }
  const subject = { userId: null, installationId: null }

  const decided = async (): Promise<Decision> => {
    const { events } = await tell(beginning)
    return { events, directory: fold(emptyDirectory, events), subject }
  }

  it('holds for a decision that is none of these', async () => {
    const decision = await decided()
    expect(checkDecision({ decide: () => E.right(decision) }, emptyDirectory, at)).toEqual([])
  })

  it('finds one that throws', () => {
    const decide = () => {
      throw new Error('no such policy')
    }
    expect(messages(checkDecision({ decide }, emptyDirectory, at))).toEqual([
      'a decision is not total: it throws Error: no such policy',
    ])
  })

  it('finds one that is another the second time', async () => {
    const decision = await decided()
    let n = 0
    const decide = () => {
      n += 1
      return E.right({ ...decision, events: decision.events.map((one) => ({ ...one, actor: n })) })
    }
    const [first] = messages(checkDecision({ decide: decide as never }, emptyDirectory, at))
    expect(first).toMatch(/^a decision is not deterministic: /)
  })

  it('finds one that writes on its slice', async () => {
    const { directory } = await tell(beginning)
    const slice: Directory = { ...directory, users: new Map(directory.users) }
    const decide = (given: Directory) => {
      ;(given.users as Map<unknown, unknown>).clear()
      return E.right({ events: [], directory: given, subject })
    }
    expect(messages(checkDecision({ decide }, slice, at))[0]).toMatch(
      /^a decision is not pure: it changes users /,
    )
  })

  it('finds a state that its events do not lead to, and a gap', async () => {
    const decision = await decided()
    const lost = { ...decision, events: decision.events.slice(1) }
    const found = messages(checkDecision({ decide: () => E.right(lost) }, emptyDirectory, at))
    expect(found.join('\n')).toContain('is not replayable: users ')
    expect(found.join('\n')).toContain('has a gap')
  })
})

const openWorld = async (alter: (store: Store) => Store = (store) => store): Promise<Engine> => {
  const store = alter(memoryStore({ clock: steppingClock() }))
  const engine = openEngine({ store, idSource: countingIds() })
  for (const result of await engine.executeAll(beginning)())
    if (E.isLeft(result)) throw new Error(JSON.stringify(result.left))
  return engine
}

describe('checkPatch', () => {
  const saveUser = {
    type: 'SaveUser',
    target: { phone: '48600700800' },
    user: { firstName: null, tags: ['new'], customAttributes: { plan: 'gold' } },
  }
  const saveInstallation = {
    type: 'SaveInstallation',
    pushRegistrationId: 'a',
    notificationsEnabled: null,
    device: { pushServiceToken: null },
  }

  it.each([saveUser, saveInstallation])('holds for $type', async (command) => {
    expect(await checkPatch(await openWorld(), command)).toEqual([])
  })

  it.each([
    ['a patch that is refused', { ...saveUser, target: { phone: '48600700899' } }],
    ['another command', merge],
  ])('leaves %s alone', async (_, command) => {
    expect(await checkPatch(await openWorld(), command)).toEqual([])
  })

  /** An engine that rewrites each command before it is executed. */
  const rewriting = async (rewrite: (command: object, nth: number) => object): Promise<Engine> => {
    const engine = await openWorld()
    let nth = 0
    return { ...engine, execute: (command) => engine.execute(rewrite(command as object, nth++)) }
  }

  it('finds an omitted key that changes, at the top and inside', async () => {
    const engine = await rewriting((command) => ({
      ...command,
      user: { lastName: 'Another', ...('user' in command ? (command.user as object) : {}) },
    }))
    const found = messages(await checkPatch(engine, saveUser))
    expect(found).toContain('SaveUser without lastName changes it from null to "Another"')
    const inside = await rewriting((command, nth) =>
      nth === 0 ? { ...command, device: { os: 'iOS', pushServiceToken: null } } : command,
    )
    expect(messages(await checkPatch(inside, saveInstallation))).toEqual([
      'SaveInstallation without device.os changes it from null to "iOS"',
    ])
  })

  it('finds null that does not remove', async () => {
    const engine = await rewriting((command) => ({ ...command, user: {} }))
    expect(messages(await checkPatch(engine, saveUser))).toEqual([
      'SaveUser removes firstName, and "Ann" is left',
    ])
  })

  it('finds a patch that is not idempotent, and an empty one that records', async () => {
    const engine = await rewriting((command, nth) => ({
      ...command,
      user: { firstName: `Name ${nth}` },
    }))
    const found = messages(await checkPatch(engine, { ...saveUser, user: { firstName: 'Ann' } }))
    expect(found).toEqual([
      'SaveUser given again records UserAttributesChanged',
      'SaveUser that is empty records UserAttributesChanged',
    ])
  })
})

describe('checkMergeLaws', () => {
  it('holds for a merge, and leaves one that is refused alone', async () => {
    expect(await checkMergeLaws(await openWorld(), merge)).toEqual([])
    const nobody = { type: 'MergeUsers', users: [{ userId: 'a' }, { userId: 'b' }] }
    expect(await checkMergeLaws(await openWorld(), nobody)).toEqual([])
  })

  it('finds an order of users that matters', async () => {
    const engine = await openWorld()
    const ordered: Engine = {
      ...engine,
      preview: (command) => {
        const users = (command as { users: ReadonlyArray<object> }).users
        return engine.preview({ ...(command as object), survivor: users[0] })
      },
    }
    const found = messages(await checkMergeLaws(ordered, merge))
    expect(found[0]).toMatch(/^MergeUsers depends on the order of its users: /)
  })

  it('finds a merge that is not undone', async () => {
    const engine = await openWorld()
    const stuck: Engine = {
      ...engine,
      execute: (command) =>
        engine.execute(
          (command as { type: string }).type === 'UnmergeUsers'
            ? { type: 'SetPrimary', pushRegistrationId: 'b', isPrimary: true }
            : command,
        ),
    }
    const found = messages(await checkMergeLaws(stuck, merge))
    expect(found).toHaveLength(2)
    expect(found[0]).toMatch(/^MergeUsers undone leaves /)
  })

  it('finds a merge that is done twice', async () => {
    const engine = await openWorld()
    let merges = 0
    const twice: Engine = {
      ...engine,
      execute: (command) => {
        const isSecond = (command as { type: string }).type === 'MergeUsers' && merges++ > 0
        return engine.execute(
          isSecond
            ? { type: 'SaveUser', target: { phone: '48600700800' }, user: { gender: 'Male' } }
            : command,
        )
      },
    }
    const found = messages(await checkMergeLaws(twice, merge))
    expect(found[0]).toMatch(/^MergeUsers given again is not the same: /)
  })
})

describe('checkWordings', () => {
  const open = () =>
    openEngine({ store: memoryStore({ clock: steppingClock() }), idSource: countingIds() })

  it('holds: a default that is told is the same command', async () => {
    const engine = open()
    expect(await checkWordings(engine)).toEqual([])
    const page = await engine.readAll([], {})()
    // None of them was refused.
    expect(
      E.isRight(page) && page.right.events.filter((one) => one.type === 'AttributeDefined'),
    ).toHaveLength(1)
  })

  it('finds a default that is told and taken for something else', async () => {
    const engine = open()
    const found = await checkWordings({
      execute: (given) =>
        engine.execute(
          typeof given === 'object' && given !== null && 'keepAsLead' in given
            ? { ...given, keepAsLead: true }
            : given,
        ),
    })
    expect(messages(found)[0]).toContain('Personalize is another command in other words')
  })
})

describe('checkProjection', () => {
  type Counts = Record<string, number>
  const counting = (): Projection<Counts, Recorded> => ({
    empty: {},
    apply: (counts, { type }) => ({ ...counts, [type]: (counts[type] ?? 0) + 1 }),
  })

  it('holds for one that keeps all it knows in its state', async () => {
    const { events } = await tell([...beginning, merge])
    expect(checkProjection(counting, events)).toEqual([])
    expect(checkProjection(counting, [])).toEqual([])
    const mapped = (): Projection<ReadonlyMap<string, ReadonlySet<number>>, Recorded> => ({
      empty: new Map(),
      apply: (map, { type, position }) =>
        new Map([...map, [type, new Set([...(map.get(type) ?? []), position])]]),
    })
    expect(checkProjection(mapped, events)).toEqual([])
  })

  it('finds one that remembers beside its state', async () => {
    const { events } = await tell(beginning)
    const forgetful = (): Projection<number, Recorded> => {
      const seen = new Set<string>()
      return { empty: 0, apply: (_, { type }) => seen.add(type).size }
    }
    const found = checkProjection(forgetful, events)
    expect(found[0]?.message).toMatch(/^continued from the state saved here the log gives \d, not /)
    expect(found[0]?.position).toBeGreaterThan(0)
  })

  it('finds one that is not the same twice', async () => {
    const { events } = await tell(beginning)
    let n = 0
    const counter = (): Projection<number, Recorded> => ({ empty: 0, apply: () => (n += 1) })
    expect(checkProjection(counter, events)[0]?.message).toMatch(/^folded again the log gives /)
  })

  it('finds one that changes what it is given', async () => {
    const { events } = await tell(beginning)
    const inPlace = (): Projection<{ readonly list: string[] }, Recorded> => ({
      empty: { list: [] },
      apply: (state, { type }) => {
        state.list.push(type)
        return { ...state }
      },
    })
    expect(checkProjection(inPlace, events)[0]?.message).toBe(
      'the event changes the state that it was given',
    )
  })
})

describe('checkUpcasters', () => {
  const keep = (type: string, from: number): Upcaster => ({ type, from, lift: (parts) => parts })
  const versions = { UserCreated: 3, UserErased: 1 }
  const chain = [keep('UserCreated', 1), keep('UserCreated', 2)]

  it("holds for core's own, and for a chain that is whole", () => {
    expect(checkUpcasters()).toEqual([])
    expect(checkUpcasters(chain, versions)).toEqual([])
  })

  it.each<readonly [string, ReadonlyArray<Upcaster>, string]>([
    ['a gap', chain.slice(1), 'nothing lifts UserCreated from version 1 to 2'],
    ['a fork', [...chain, keep('UserCreated', 1)], 'two upcasters lift UserCreated from version 1'],
    [
      'a round',
      [...chain, keep('UserErased', 1)],
      'UserErased is at version 1, and goes round: one lifts it from 1',
    ],
    ['a type that is none', [...chain, keep('UserMade', 1)], 'UserMade is no event type'],
    ['a version that is none', [...chain, keep('UserErased', 0)], 'UserErased has no version 0'],
  ])('finds %s', (_, wrong, message) => {
    expect(messages(checkUpcasters(wrong, versions))).toEqual([message])
  })

  const sample: OldPayload = {
    type: 'UserCreated',
    version: 1,
    payload: { name: 'a' },
    boxes: [{ owner: 'u1' as UserId, content: { value: 'x' } }],
  }
  it.each<readonly [string, Upcaster['lift'], string]>([
    [
      'throws where the box is gone',
      (parts) => {
        if (parts.boxes.length === 0) throw new Error('no box')
        return parts
      },
      'the upcaster of UserCreated from version 1 throws without a box: Error: no box',
    ],
    [
      'writes on what it is given',
      (parts) => {
        Object.assign(parts.payload as object, { seen: true })
        return parts
      },
      'the upcaster of UserCreated from version 1 changes what it is given',
    ],
    [
      'makes up a box',
      ({ payload }) => ({
        payload,
        boxes: [{ owner: 'u1' as UserId, content: { value: 'y' } }],
      }),
      'the upcaster of UserCreated from version 1 makes a box for a user who is erased',
    ],
    [
      'is not the same twice',
      ({ boxes }) => ({ payload: { at: ids() }, boxes }),
      'the upcaster of UserCreated from version 1 gives something else each time',
    ],
  ])('finds one that %s', (_, lift, message) => {
    const wrong = [{ type: 'UserCreated', from: 1, lift }, keep('UserCreated', 2)]
    const copy = structuredClone(sample)
    expect(messages(checkUpcasters(wrong, versions, [copy]))).toContain(message)
  })
})

const ids = countingIds()
