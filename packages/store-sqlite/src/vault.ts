// Everything personal passes through here on its way to the file and back: boxes of events, rows of
// users and installations, and the digests by which identities and tokens are looked up.

import { hash } from 'node:crypto'
import { canonicalJson, committedContent, type Json, type UserId } from '@selfsame/core'
import { type Digest, openDigest, seal, unseal } from './cipher.js'
import { alteredRow } from './failure.js'
import { openRandomPool } from './random-pool.js'
import type { UserKeys } from './user-keys.js'

const saltBytes = 32
const salts = openRandomPool()

/** A box as it is stored: what it commits to, and its content with the salt, sealed. */
export interface SealedBox {
  readonly commitment: Buffer
  readonly sealed: Buffer
}

/** What a box is bound to: it opens in this event, of this type, for this owner only. */
export interface BoxPlace {
  readonly eventId: string
  readonly type: string
  readonly owner: UserId
}

export interface Vault {
  readonly hasKey: (owner: UserId) => boolean
  readonly sealBox: (place: BoxPlace, content: Json) => SealedBox
  /** What a box holds, with its salt, unless its owner is erased or it is not what was sealed. */
  readonly openBox: (
    place: BoxPlace,
    box: SealedBox,
  ) => { readonly content: Json; readonly salt: Buffer } | 'erased' | 'altered'
  /** The salt and the canonical text of what a box holds, as `openBox`; the commitment is in hex. */
  readonly openText: (
    place: BoxPlace,
    commitment: string,
    sealed: Buffer,
  ) => { readonly text: string; readonly salt: Buffer } | 'erased' | 'altered'
  readonly sealRow: (table: string, id: string, owner: UserId, row: string) => Buffer
  /** A row's text; undefined where its owner is erased. Throws where it was altered. */
  readonly openRow: (table: string, id: string, owner: UserId, sealed: Buffer) => string | undefined
  readonly digest: Digest
}

/** As a text of single bytes and from there to a buffer: a buffer as result costs more than the hash. */
const sha256 = (content: string | Uint8Array): Buffer =>
  Buffer.from(hash('sha256', content, 'binary'), 'binary')

/** SHA-256 of a text in lower-case hex. */
export const sha256Hex = (text: string): string => hash('sha256', text, 'hex')

/** The leaf hash of RFC 6962: SHA-256 of a zero byte and the leaf. */
export const leafHash = (leaf: string): Buffer => sha256(`\0${leaf}`)

/** The same in lower-case hex. */
export const leafHashHex = (leaf: string): string => hash('sha256', `\0${leaf}`, 'hex')

const boundTo = ({ eventId, type, owner }: BoxPlace): string => `box ${eventId} ${type} ${owner}`

export const openVault = (keys: UserKeys, digestKey: Buffer): Vault => {
  const keyFor = (owner: UserId): Buffer => {
    const key = keys.keyOf(owner)
    if (key === undefined) throw new Error(`the user ${owner} has no key`)
    return key
  }
  const openText: Vault['openText'] = (place, commitment, sealed) => {
    const key = keys.keyOf(place.owner)
    if (key === undefined) return 'erased'
    const plain = unseal(key, sealed, boundTo(place))
    // What is committed to is what is sealed: the salt, then the content.
    return plain === undefined || hash('sha256', plain, 'hex') !== commitment
      ? 'altered'
      : { text: plain.toString('utf8', saltBytes), salt: plain.subarray(0, saltBytes) }
  }
  return {
    hasKey: (owner) => keys.keyOf(owner) !== undefined,
    sealBox: (place, content) => {
      const text = committedContent(content)
      const plain = Buffer.allocUnsafe(saltBytes + Buffer.byteLength(text))
      salts.fill(plain, 0, saltBytes)
      plain.write(text, saltBytes)
      const box = {
        commitment: sha256(plain),
        sealed: seal(keyFor(place.owner), plain, boundTo(place)),
      }
      plain.fill(0)
      return box
    },
    openBox: (place, { commitment, sealed }) => {
      const opened = openText(place, commitment.toString('hex'), sealed)
      return typeof opened === 'string'
        ? opened
        : { content: JSON.parse(opened.text), salt: opened.salt }
    },
    openText,
    sealRow: (table, id, owner, row) =>
      seal(keyFor(owner), Buffer.from(row), `row ${table} ${id} ${owner}`),
    openRow: (table, id, owner, sealed) => {
      const key = keys.keyOf(owner)
      if (key === undefined) return undefined
      const plain = unseal(key, sealed, `row ${table} ${id} ${owner}`)
      if (plain === undefined) throw alteredRow(table)
      return plain.toString()
    },
    digest: openDigest(digestKey),
  }
}

/** The text of a row: canonical, so that equal rows are equal texts. */
export const rowText = (row: object): string => canonicalJson(row as Json)
