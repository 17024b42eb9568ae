// Evidence as core gathers it: whose boxes are opened, what the explanation says, and which events are
// there, over a store in memory that discloses with salts of its own.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  auditOf,
  type Disclose,
  type Evidence,
  evidenceOf,
  type ProvedEvidence,
  toStored,
} from '../../src/index.js'
import { E } from '../../src/prelude.js'
import {
  createByPhone,
  erase,
  merge,
  personalize,
  phoneNo,
  register,
  unmerge,
} from '../support/commands.js'
import {
  openWorld,
  propertyTimeout_ms,
  refusalOf,
  successOf,
  userOf,
  type World,
} from '../support/world.js'
import { played, steps } from './partings.js'
import { ann, at, other, tell, unmergeThem } from './story.js'

const salt = 'ab'.repeat(32)

/** Opens whatever is not erased; what it commits to is no matter here. */
const discloseIn =
  ({ store }: World): Disclose =>
  (positions) =>
  async () => {
    const page = await store.read([], {})()
    if (E.isLeft(page)) return page
    return E.right(
      page.right.events
        .filter(({ position }) => positions.includes(position))
        .map((event) => {
          const { boxes, ...rest } = toStored(event)
          const isErased = /"erased/.test(JSON.stringify(boxes))
          return {
            event: rest,
            boxes: boxes.map(({ owner, content }) => ({
              owner,
              sha256: salt,
              opened: isErased ? null : { salt, content },
            })),
            proof: `the proof of ${event.position}`,
          }
        }),
    )
  }

const headOf = async ({ store }: World): Promise<number> => {
  const page = await store.read([], {})()
  if (E.isLeft(page)) throw new Error(page.left.message)
  return page.right.head
}

const proved = async (world: World, reference: unknown, size?: number): Promise<ProvedEvidence> =>
  successOf(
    evidenceOf(
      world.store,
      { origin: 'example.com/log', size: size ?? (await headOf(world)) },
      discloseIn(world),
      reference,
    ),
  )

const gathered = async (world: World, reference: unknown, size?: number): Promise<Evidence> =>
  (await proved(world, reference, size)).evidence

const closedAt = ({ events }: Evidence) =>
  events.flatMap(({ position, boxes }) =>
    boxes.flatMap(({ closed }) => (closed === null ? [] : [[position, closed]])),
  )

describe('evidence', () => {
  it('holds the events of a person through merges, opened, with their proofs and the reasons', async () => {
    const { world } = await tell()
    const { evidence, proofs } = await proved(world, { externalUserId: 'ann' })
    expect(evidence).toMatchObject({
      log: 'example.com/log',
      size: 11,
      userId: ann,
      erasedAt: null,
    })
    expect(evidence.events.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 11])
    expect(closedAt(evidence)).toEqual([])
    expect(evidence.events[2]?.boxes).toEqual([
      { owner: ann, sha256: salt, closed: null, salt, content: { value: 'ann' } },
    ])
    expect(proofs[2]).toEqual({ position: 3, file: 'the proof of 3' })
    const gender = evidence.explanation?.fields.find(({ field }) => field === 'gender')
    expect(gender?.chain.map(({ position }) => position)).toEqual([
      at.annCreated,
      at.otherCreated,
      at.otherWritten,
      at.merged,
    ])
    expect(evidence.merges?.merges).toHaveLength(1)
  })

  it('shows nothing of whoever is separated again, in no box and in no explanation', async () => {
    const { world } = await tell()
    await world.run(unmergeThem)
    const evidence = await gathered(world, { externalUserId: 'ann' })
    expect(JSON.stringify(evidence)).not.toMatch(/Anna|Female|news|48600701001/)
    expect(closedAt(evidence)).toEqual([
      [at.otherLinked, 'withheld'],
      [at.otherWritten, 'withheld'],
    ])
    expect(evidence.merges?.merges[0]).toMatchObject({
      undone: 12,
      tags: [{ tag: 'withheld' }],
      moved: [{ value: 'withheld' }],
    })
    expect(JSON.stringify(await gathered(world, { userId: other }))).toMatch(/Anna.*Female/)
  })

  it('as of an older checkpoint shows nothing of whoever was separated since', async () => {
    const { world } = await tell()
    await world.run(unmergeThem)
    const evidence = await gathered(world, { externalUserId: 'ann' }, 11)
    expect(evidence.absorbed).toMatchObject([{ userId: other, until: null }])
    expect(JSON.stringify(evidence)).not.toMatch(/Anna|Female|news|48600701001/)
    const gender = evidence.explanation?.fields.find(({ field }) => field === 'gender')
    expect(gender?.value).toBe('withheld')
  })

  it('as of an older checkpoint knows nothing of what came after it', async () => {
    const { world } = await tell()
    const evidence = await gathered(world, { externalUserId: 'ann' }, at.merged - 1)
    expect(evidence.events.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5])
    expect(evidence.absorbed).toEqual([])
    expect(JSON.stringify(evidence)).not.toMatch(/Anna|"red"/)
  })

  it('proves the events of somebody erased, reveals nothing and explains nothing', async () => {
    const { world } = await tell()
    await world.run(erase({ userId: ann }))
    for (const size of [undefined, 11]) {
      const evidence = await gathered(world, { userId: ann }, size)
      expect(evidence).toMatchObject({ explanation: null, merges: null, erasedAt: 13 })
      expect(evidence.events.map(({ position }) => position)).toEqual(
        expect.arrayContaining([1, 2, 3, 4, 5, 6, 7, 8, 9, 11]),
      )
      for (const { boxes } of evidence.events)
        for (const box of boxes) expect(box).toMatchObject({ salt: null, content: null })
      expect(JSON.stringify(evidence)).not.toMatch(/Ann|Female|news|"red"/)
    }
  })

  it('holds events of others where a reason names them: what a device came by, and its values closed', async () => {
    const world = openWorld()
    await world.runAll([
      createByPhone(phoneNo(1)),
      createByPhone(phoneNo(2)),
      merge([{ userId: userOf(1) }, { userId: userOf(2) }]),
      register('kiosk', { device: { deviceName: 'bens-kiosk' } }),
      personalize('kiosk', { phones: [phoneNo(2)] }),
      unmerge({ userId: userOf(1) }, userOf(2)),
    ])
    const evidence = await gathered(world, { userId: userOf(2) })
    const kiosk = evidence.explanation?.fields.find(({ field }) => field === 'installations')
    expect(kiosk?.value).toBe('kiosk')
    const history = await successOf(auditOf(world.store).history.user({ userId: userOf(2) }))
    const there = evidence.events.map(({ position }) => position)
    const named = kiosk?.chain.map(({ position }) => position) ?? []
    expect(there).toEqual(expect.arrayContaining([...named]))
    const past = history.events.map(({ position }) => position)
    expect(there.filter((position) => !past.includes(position)).length).toBeGreaterThan(0)
    expect(JSON.stringify(evidence)).toContain('bens-kiosk')
  })

  it('is refused for nobody, and fails where the checkpoint is of another log', async () => {
    const { world } = await tell()
    const head = { origin: 'example.com/log', size: 11 }
    const nobody = evidenceOf(world.store, head, discloseIn(world), { userId: 'nobody' })
    expect((await refusalOf(nobody)).error.code).toBe('USER_NOT_FOUND')
    const failure = { _tag: 'Failure', kind: 'corrupt', message: '', safe: '', advice: '' } as const
    const refuses: Disclose = () => async () => E.left(failure)
    const found = await evidenceOf(world.store, head, refuses, { userId: 'nobody' })()
    expect(found).toEqual(E.left(failure))
  })
})

const seed = 51_127
const runs = process.env.SELFSAME_LONG ? 10_000 : 200

describe(`random merges (seed ${seed})`, { timeout: propertyTimeout_ms }, () => {
  it('nobody is shown a value of anybody else, and each thing said has its event', async () => {
    let [withheld, shown] = [0, 0]
    await fc.assert(
      fc.asyncProperty(steps, fc.double({ min: 0.3, max: 1, noNaN: true }), async (story, age) => {
        const { world, users, written } = await played(story)
        const head = await headOf(world)
        const size = Math.max(24, Math.floor(head * age))
        for (const userId of users) {
          const evidence = await gathered(world, { userId }, size)
          // Whom the id meant then; who is part of that person now is another question.
          const { asOf } = auditOf(world.store)
          const reference = { userId: evidence.userId }
          const now = await successOf(asOf().user(reference))
          const then = await successOf(asOf(size).user(reference))
          const partsNow: ReadonlyArray<string> = [now.userId, ...now.absorbed]
          const parts: ReadonlyArray<string> = [then.userId, ...then.absorbed].filter((id) =>
            partsNow.includes(id),
          )
          const said = JSON.stringify(evidence)
          for (const { text, of } of written)
            if (said.includes(text)) expect([text, parts.includes(of)]).toEqual([text, true])
          const there = new Set(evidence.events.map(({ position }) => position))
          for (const position of namedIn(evidence)) expect(there).toContain(position)
          withheld += closedAt(evidence).length
          shown += written.filter(({ text }) => said.includes(text)).length
        }
      }),
      { seed, numRuns: runs },
    )
    expect(withheld).toBeGreaterThan(runs)
    expect(shown).toBeGreaterThan(runs)
  })
})

/** Every position that the reasons name. */
const namedIn = ({ explanation, merges }: Evidence): ReadonlyArray<number> =>
  [
    ...JSON.stringify([explanation?.fields, merges?.merges]).matchAll(
      /"(?:position|linked|undone)":(\d+)/g,
    ),
  ].map(([, position]) => Number(position))
