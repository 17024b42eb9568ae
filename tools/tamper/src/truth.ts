// The log that is tampered with: people, merges, an unmerge, erasures and an embedder's facts, a backup
// of its beginning, and the checkpoint that somebody kept of it, with events after it.

import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Engine, keyLine, openEngine, type Signer } from '@selfsame/core'
import {
  createSigningKeyFile,
  nodeChecks,
  openSqliteStore,
  randomIds,
  signingKeyFile,
} from '@selfsame/store-sqlite'
import * as E from 'fp-ts/lib/Either.js'
import type { Random } from './random.js'

export interface Truth {
  readonly file: string
  /** The same log when it was half as long. */
  readonly older: string
  readonly signer: Signer
  readonly keyLine: string
  readonly checkpoint: string
  /** How many events the checkpoint is over. */
  readonly size: number
  readonly head: number
}

export const right = <L, R>(result: E.Either<L, R>): R => {
  if (E.isRight(result)) return result.right
  throw new Error(JSON.stringify(result.left))
}

const parts = ['', '-keys', '-master']

export const copyOf = (file: string, to: string): void => {
  for (const part of parts) copyFileSync(file + part, to + part)
}

const person = (n: number) => ({ externalUserId: `u${n}` })

const live = async (engine: Engine, random: Random, from: number, to: number): Promise<void> => {
  const run = async (command: object): Promise<void> => {
    right(await engine.execute(command)())
  }
  for (let n = from; n < to; n += 1) {
    await run({
      type: 'RegisterInstallation',
      pushRegistrationId: `i${n}`,
      applicationId: 'shop',
      device: { os: 'iOS', deviceName: `phone of ${n}` },
    })
    await run({
      type: 'Personalize',
      commandId: `login-${n}`,
      actor: `support:${random.below(9)}`,
      pushRegistrationId: `i${n}`,
      userIdentity: { ...person(n), emails: [`u${n}@example.com`] },
      userAttributes: { firstName: `Ann ${n}`, tags: ['vip', `t${random.below(5)}`] },
      setAsPrimary: random.below(2) === 0,
    })
    await run({
      type: 'SaveUser',
      target: person(n),
      user: { customAttributes: { visits: random.below(100) } },
    })
    if (n % 4 === 3) {
      await run({ type: 'CreateUser', userIdentity: { emails: [`twin${n}@example.com`] } })
      await run({ type: 'MergeUsers', users: [person(n), { email: `twin${n}@example.com` }] })
    }
    if (n % 5 === 4) await run({ type: 'EraseUser', target: person(n - 1), reason: 'asked' })
  }
  right(await engine.append([{ type: 'shop.Note', tags: ['note'], payload: { to } }])())
}

/** Makes it in a folder; a seed makes the same story, under other ids. */
export const makeTruth = async (folder: string, random: Random): Promise<Truth> => {
  const [file, older] = [join(folder, 'truth.db'), join(folder, 'older.db')]
  const store = right(await openSqliteStore({ file, durability: 'normal' })())
  const engine = openEngine({ store, idSource: randomIds })
  right(await createSigningKeyFile(`${file}-signer`, 'example.com/shop')())
  const signer = right(await signingKeyFile(`${file}-signer`)())
  await live(engine, random, 0, 9)
  await store.close()()
  copyOf(file, older)
  const again = right(await openSqliteStore({ file, durability: 'normal' })())
  const grown = openEngine({ store: again, idSource: randomIds })
  await live(grown, random, 9, 30)
  const checkpoint = right(await again.checkpoint(signer)())
  const size = right(await again.log.read([], { limit: 0 })()).head
  await live(grown, random, 30, 32)
  const { head } = right(await again.log.read([], { limit: 0 })())
  await again.close()()
  const line = keyLine(nodeChecks.sha256, signer)
  return { file, older, signer, keyLine: line, checkpoint, size, head }
}
