// A failure as a file: every random story played again from its lines is the same story, and what a
// planted bug leaves behind is played by the command line.

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import {
  canonicalJson,
  type Json,
  memoryStore,
  openEngine,
  type Receipt,
  type Recorded,
} from '@selfsame/core'
import {
  type BrokenLaw,
  countingIds,
  fixedClock,
  type RunOptions,
  replayLines,
  type Sequence,
  sequences,
  storeProperties,
  tellStory,
} from '@selfsame/testkit'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, expect, it, test } from 'vitest'
import { withEach } from './plant.js'

const folder = mkdtempSync(join(tmpdir(), 'selfsame-replay-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** Everything of events but times, ids told by the order in which they come up: another run has others. */
const shapeOf = (events: ReadonlyArray<Recorded>): ReadonlyArray<string> => {
  const ids = new Map<string, string>()
  return events.map(({ type, payload }) => {
    const { createdAt, promotedAt, ...lasting } = { createdAt: null, promotedAt: null, ...payload }
    return canonicalJson(JSON.parse(JSON.stringify({ type, lasting }))).replace(uuid, (id) => {
      const known = ids.get(id) ?? `id ${ids.size + 1}`
      ids.set(id, known)
      return known
    })
  })
}

/** Plays lines on another engine, at another time, with other ids of its own. */
const playLines = async (lines: ReadonlyArray<Json>, rules: Sequence['rules']) => {
  const store = memoryStore({ clock: fixedClock(Date.UTC(2027, 5, 1)) })
  const idSource = countingIds('01a00000-0000-7000-8000-00000000abcd')
  await openEngine({ store, idSource, ...rules }).executeAll(lines)()
  const page = await store.read([], {})()
  return E.isRight(page) ? page.right.events : []
}

it('a story played again from its lines gives the same users, by the same ids', {
  timeout: 60_000,
}, async () => {
  let plans = 0
  await fc.assert(
    fc.asyncProperty(sequences, async (sequence) => {
      const { steps, events } = await tellStory(sequence)
      const lines = replayLines(steps)
      plans += lines.filter((line) => JSON.stringify(line).startsWith('{"type":"Plan"')).length
      expect(shapeOf(await playLines(lines, sequence.rules))).toEqual(shapeOf(events))
    }),
    { seed: 4, numRuns: 60 },
  )
  expect(plans).toBeGreaterThan(60)
})

/** A merge that forgets the phones of the user absorbed. */
const forgetful = withEach((event, slice) => {
  if (event.type !== 'UsersMerged') return event
  const absorbed = slice.users.get(event.payload.absorbedId)
  const phones =
    absorbed?.status === 'active'
      ? Object.values(absorbed.identities).filter(({ kind }) => kind === 'phone')
      : []
  const moved = event.payload.identities.moved.filter((at) => phones.every((one) => one.at !== at))
  const identities = { ...event.payload.identities, moved }
  return { ...event, payload: { ...event.payload, identities } }
})

const findIn = async (options: Partial<RunOptions>): Promise<BrokenLaw> => {
  const [property] = storeProperties({ open: forgetful, reference: forgetful })
  try {
    await property?.check({ runs: 200, seed: 20_260_101, ...options })
  } catch (error) {
    return error as BrokenLaw
  }
  throw new Error('the planted bug is not found')
}

const root = join(import.meta.dirname, '../../..')

/** Runs `selfsame` as its users do. */
const selfsame = async (args: ReadonlyArray<string>) => {
  const program = join(root, 'packages/cli/src/main.ts')
  const node = ['--conditions=development', '--import', 'tsx', program]
  const child = spawn(process.execPath, [...node, ...args], { cwd: root })
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { status: await closed, stdout, stderr }
}

test('a planted bug leaves its smallest story in a file that the command line plays', {
  timeout: 120_000,
}, async () => {
  const found = await findIn({ failuresIn: folder })
  const { file, seed, path, message } = found
  expect(message).toContain(`{ seed: ${seed}, path: "${path}" }`)
  const line = message.split('\n').find((one) => one.startsWith('Play it: selfsame '))
  expect(line).toContain(`--in ${file}`)
  const args = line?.replace('played.db', join(folder, 'played.db')).split(' ').slice(3) ?? []

  const again = await findIn({ seed, path, failuresIn: join(folder, 'again'), runs: 1 })
  expect(again.violations).toEqual(found.violations)
  expect(readFileSync(again.file ?? '', 'utf8')).toBe(readFileSync(file ?? '', 'utf8'))

  const { status, stdout, stderr } = await selfsame(args)
  expect([status, stderr]).toEqual([0, ''])
  const results: ReadonlyArray<Receipt> = stdout
    .trimEnd()
    .split('\n')
    .map((one) => JSON.parse(one))
  const written = readFileSync(file ?? '', 'utf8')
    .trimEnd()
    .split('\n')
  expect(results).toHaveLength(written.length)
  expect(written.length).toBeLessThan(8)
  // The command line has no such bug: it does what the story should have done.
  const last = results.at(-1)
  const merges = last?.events.filter((event) => event.type === 'UsersMerged') ?? []
  expect(merges.flatMap(({ payload }) => payload.identities.moved).length).toBeGreaterThan(0)
  expect(last?.user?.phones.length).toBeGreaterThan(0)
})

test('a folder that cannot be written hides no failure', { timeout: 60_000 }, async () => {
  const blocked = join(folder, 'a-file')
  writeFileSync(blocked, '')
  const { file, message, violations } = await findIn({
    failuresIn: join(blocked, 'in'),
    shrink: false,
  })
  expect(file).toBeNull()
  expect(message).toContain('The story could not be written: ')
  expect(violations.map(({ invariant }) => invariant)).toContain(7)
})
