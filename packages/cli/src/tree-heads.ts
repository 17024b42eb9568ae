// What the log was before something and after it: signed checkpoints and the proof that the one grew
// from the other, or, where nobody signs for the log, the bare tree heads.

import { existsSync } from 'node:fs'
import { type Failure, failure, keyLine, type Signer } from '@selfsame/core'
import { nodeChecks, type SqliteStore } from '@selfsame/store-sqlite'
import * as E from 'fp-ts/lib/Either.js'
import { type SigningOption, signerIn, signerPathIn } from './signing.js'

/** The size of the log and the root of the tree over it; `checkpoint` is null where nobody signed. */
export interface TreeHead {
  readonly size: number
  readonly root: string
  readonly checkpoint: string | null
}

export interface TreeHeads {
  readonly isSigned: boolean
  readonly before: TreeHead
  readonly after: TreeHead
  /** A proof that the log only grew between the two, as `selfsame prove --from` prints it. */
  readonly growth: string | null
  readonly publicKey: string | null
}

type Taken<A> = Promise<E.Either<Failure, A>>

/** Takes the head of now; `after` takes the second one. */
export const treeHeads = async (
  store: SqliteStore,
  options: SigningOption,
): Taken<{ readonly after: () => Taken<TreeHeads> }> => {
  // A key that is named must be there; the default one need not.
  if (options.signingKey === undefined && !existsSync(signerPathIn(options)))
    return unsignedHeads(store)
  const signer = await signerIn(options)
  return E.isLeft(signer) ? signer : signedHeads(store, signer.right)
}

const signedHeads = async (
  store: SqliteStore,
  signer: Signer,
): Taken<{ readonly after: () => Taken<TreeHeads> }> => {
  const before = await store.checkpoint(signer)()
  if (E.isLeft(before)) return before
  return E.right({
    after: async () => {
      const after = await store.checkpoint(signer, before.right)()
      if (E.isLeft(after)) return after
      const growth = await store.proveGrowth(signer, before.right, after.right)()
      if (E.isLeft(growth)) return growth
      return E.right({
        isSigned: true,
        before: headIn(before.right, before.right),
        after: headIn(after.right, after.right),
        growth: growth.right,
        publicKey: keyLine(nodeChecks.sha256, signer),
      })
    },
  })
}

const unsignedHeads = async (
  store: SqliteStore,
): Taken<{ readonly after: () => Taken<TreeHeads> }> => {
  const before = await unsignedHead(store)
  if (E.isLeft(before)) return before
  return E.right({
    after: async () => {
      const after = await unsignedHead(store)
      if (E.isLeft(after)) return after
      return E.right({
        isSigned: false,
        before: before.right,
        after: after.right,
        growth: null,
        publicKey: null,
      })
    },
  })
}

const notSigned = failure('key', 'nobody signs for this log', 'nothing was changed', '')

/** What a signer would be asked to sign: this one reads it, and does not sign. */
const unsignedHead = async (store: SqliteStore): Taken<TreeHead> => {
  let text = ''
  const reader: Signer = {
    name: 'unsigned',
    publicKey: new Uint8Array(32),
    sign: (message) => async () => {
      text = Buffer.from(message).toString('utf8')
      return E.left(notSigned)
    },
  }
  const taken = await store.checkpoint(reader)()
  return E.isLeft(taken) && taken.left !== notSigned ? taken : E.right(headIn(text, null))
}

const headIn = (text: string, checkpoint: string | null): TreeHead => {
  const [, size = '', root = ''] = text.split('\n')
  return { size: Number(size), root, checkpoint }
}
