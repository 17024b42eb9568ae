// Evidence of everybody in random logs, at checkpoints of every age: whatever merges, unmerges and
// erasures made of them, the script finds nothing, and nobody else's value is in it.

import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  evidenceOf,
  jsonSchema,
  keyLine,
  openCheckpoint,
  type Recorded,
  type Signer,
} from '@selfsame/core'
import {
  createSigningKeyFile,
  nodeChecks,
  openSqliteStore,
  publicKeyPem,
  type SqliteStore,
  signingKeyFile,
  systemClock,
} from '@selfsame/store-sqlite'
import { sequences, tellStory } from '@selfsame/testkit'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { expect, it } from 'vitest'
import { evidenceFiles } from '../src/evidence-folder.js'
import { explanationText } from '../src/evidence-view.js'
import { freshFolder } from './selfsame.js'

const folder = freshFolder()
const seed = Number(process.env.SELFSAME_SEED ?? 20_261_126)
const runs = process.env.SELFSAME_LONG ? 400 : 10

const right = <L, A>(result: E.Either<L, A>): A => {
  if (E.isRight(result)) return result.right
  throw new Error(`expected a right: ${JSON.stringify(result.left)}`)
}

/** Checks many folders in one process, by the script of each. */
const program = `
import importlib.util, json, os, sys
for folder in sys.stdin.read().split('\\n'):
    spec = importlib.util.spec_from_file_location('check', os.path.join(folder, 'check.py'))
    check = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(check)
    found = list(check.found_in())
    if found: print(folder, json.dumps(found))
`

const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
  jsonSchema('evidence') ?? false,
)

interface Wanted {
  readonly userId: string
  readonly checkpoint: string
}

/** Writes the evidence of a user against a checkpoint; null where there was no such user yet. */
const writtenTo = async (
  out: string,
  store: SqliteStore,
  signer: Signer,
  { userId, checkpoint }: Wanted,
) => {
  const head = right(openCheckpoint(nodeChecks, signer, checkpoint))
  const disclose = (positions: ReadonlyArray<number>) =>
    store.disclose(signer, checkpoint, positions)
  const found = await evidenceOf(store, head, disclose, { userId })()
  if (E.isLeft(found)) {
    expect(found.left).toMatchObject({ error: { code: 'USER_NOT_FOUND' } })
    return null
  }
  const files = evidenceFiles(found.right, {
    checkpoint,
    keyLine: keyLine(nodeChecks.sha256, signer),
    keyPem: publicKeyPem(signer),
    explanation: explanationText(found.right.evidence),
  })
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(out, name)), { recursive: true })
    writeFileSync(join(out, name), text)
  }
  const { evidence } = found.right
  expect([validate(JSON.parse(JSON.stringify(evidence))), validate.errors]).toEqual([true, null])
  return evidence
}

const usersIn = (events: ReadonlyArray<Recorded>): ReadonlyArray<string> =>
  events.flatMap((event) => (event.type === 'UserCreated' ? [event.payload.userId] : []))

it(`finds nothing in any folder (seed ${seed})`, { timeout: 600_000 }, async () => {
  const folders: string[] = []
  const seen = { explained: 0, merges: 0 }
  for (const [n, sequence] of fc.sample(sequences, { seed, numRuns: runs }).entries()) {
    const file = join(folder, `${n}.db`)
    right(await createSigningKeyFile(`${file}-signer`, 'example.com/random')())
    const signer = right(await signingKeyFile(`${file}-signer`)())
    const early: string[] = []
    let asked = 0
    const { events } = await tellStory(sequence, async (clock) => {
      const store = right(await openSqliteStore({ file, clock })())
      // A checkpoint between commands, as an operator takes one.
      const transact: SqliteStore['transact'] = (items) => async () => {
        const done = await store.transact(items)()
        if (++asked % 8 === 0) early.push(right(await store.checkpoint(signer)()))
        return done
      }
      return { ...store, transact }
    })
    const store = right(await openSqliteStore({ file, mode: 'existing', clock: systemClock })())
    const last = right(await store.checkpoint(signer)())
    for (const [i, userId] of usersIn(events).entries()) {
      for (const checkpoint of new Set([last, early[(i * 7) % early.length] ?? last])) {
        const out = join(folder, `${n}-${i}-${folders.length}`)
        const evidence = await writtenTo(out, store, signer, { userId, checkpoint })
        if (evidence === null) continue
        folders.push(out)
        seen.explained += evidence.explanation?.fields.length ?? 0
        seen.merges += evidence.merges?.merges.length ?? 0
        if (evidence.erasedAt !== null)
          for (const { boxes } of evidence.events)
            for (const box of boxes) expect(box.closed).not.toBeNull()
      }
    }
    right(await store.close()())
  }
  const { status, stdout, stderr } = spawnSync('python3', ['-c', program], {
    input: folders.join('\n'),
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' })
  expect(folders.length).toBeGreaterThan(runs * 5)
  // Closed boxes are rarer: ten stories may have none, and other tests make them.
  expect(seen.explained).toBeGreaterThan(runs)
  expect(seen.merges).toBeGreaterThan(0)
})
