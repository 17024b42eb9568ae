// A disk as a power loss finds it, made from a recorded run: what was synced is there; what was
// written since may be there, be torn at a sector, or be missing, each write for itself.

import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Random } from './random.js'

/** What a program did, in order: to its files, and to tell somebody. */
export type Act =
  | { readonly kind: 'make'; readonly path: string }
  | { readonly kind: 'write'; readonly path: string; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly path: string; readonly size: number }
  | { readonly kind: 'link'; readonly from: string; readonly path: string }
  | { readonly kind: 'unlink'; readonly path: string }
  | { readonly kind: 'sync'; readonly path: string }
  | { readonly kind: 'tell'; readonly text: string }

const sectorBytes = 512

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll('\\x', ''), 'hex')
const textOf = (hex: string): string => bytesOf(hex).toString()

/** Reads what strace recorded of the files in a folder, and of standard output. */
export const readTrace = (trace: string, folder: string): ReadonlyArray<Act> => {
  const acts: Act[] = []
  const positions = new Map<string, number>()
  const isOurs = (path: string): boolean => path === folder || path.startsWith(`${folder}/`)
  const finish = (line: string): void => {
    const call = /^\d+ +(\w+)\((.*)\) += (-?\d+)/.exec(line)
    if (call === null || call[3]?.startsWith('-')) return
    const [, name, given = '', result = '0'] = call
    const descriptor = /^(\d+)<([^>]*)>/.exec(given)
    const path = descriptor === null ? '' : textOf(descriptor[2] ?? '')
    const quoted = [...given.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = '']) => hex)
    const numbers = given.split(', ').map(Number)
    if (name === 'openat') {
      const opened = textOf(quoted[0] ?? '')
      if (isOurs(opened) && given.includes('O_CREAT')) acts.push({ kind: 'make', path: opened })
      if (isOurs(opened)) positions.set(opened, 0)
    } else if (name === 'link')
      acts.push({ kind: 'link', from: textOf(quoted[0] ?? ''), path: textOf(quoted[1] ?? '') })
    else if (name === 'unlink') {
      const gone = textOf(quoted[0] ?? '')
      if (isOurs(gone)) acts.push({ kind: 'unlink', path: gone })
    } else if (name === 'write' && descriptor?.[1] === '1')
      acts.push({ kind: 'tell', text: textOf(quoted[0] ?? '').slice(0, Number(result)) })
    else if (!isOurs(path)) return
    else if (name === 'pwrite64')
      acts.push({
        kind: 'write',
        path,
        at: numbers.at(-1) ?? 0,
        bytes: bytesOf(quoted[0] ?? '').subarray(0, Number(result)),
      })
    else if (name === 'write') {
      const at = positions.get(path) ?? 0
      positions.set(path, at + Number(result))
      acts.push({ kind: 'write', path, at, bytes: bytesOf(quoted[0] ?? '') })
    } else if (name === 'ftruncate')
      acts.push({ kind: 'truncate', path, size: numbers.at(-1) ?? 0 })
    else if (name === 'fsync' || name === 'fdatasync') acts.push({ kind: 'sync', path })
  }
  const begun = new Map<string, string>()
  for (const line of readFileSync(trace, 'latin1').split('\n')) {
    const thread = /^\d+/.exec(line)?.[0] ?? ''
    if (line.endsWith('<unfinished ...>'))
      begun.set(thread, line.slice(0, -'<unfinished ...>'.length).trimEnd())
    else if (line.includes('resumed>'))
      finish(`${begun.get(thread) ?? ''}${line.replace(/^.*?resumed>/, '')}`)
    else finish(line)
  }
  return acts
}

/** How unsynced writes fare: all kept in order up to some point, or each by its own luck. */
export type Manner = 'none' | 'all' | 'prefix' | 'any' | 'torn'
export const manners: ReadonlyArray<Manner> = ['none', 'all', 'prefix', 'any', 'torn']

type Change = Extract<Act, { readonly kind: 'write' | 'truncate' }>
type Naming = Extract<Act, { readonly kind: 'make' | 'link' | 'unlink' }>

interface Inode {
  readonly durable: Content
  pending: Change[]
}

/** Bytes that grow in place: a write-ahead log is written thousands of times. */
interface Content {
  bytes: Buffer
  size: number
}

/** A disk that takes acts one after another, and can be asked what a power loss would leave. */
export const openDisk = () => {
  const names = new Map<string, Inode>()
  const durableNames = new Map<string, Inode>()
  let naming: Array<{ readonly act: Naming; readonly inode: Inode | undefined }> = []

  const apply = (act: Act): void => {
    switch (act.kind) {
      case 'make':
        if (names.has(act.path)) return
        names.set(act.path, { durable: { bytes: Buffer.alloc(0), size: 0 }, pending: [] })
        naming.push({ act, inode: names.get(act.path) })
        return
      case 'link': {
        const inode = names.get(act.from)
        if (inode !== undefined) names.set(act.path, inode)
        naming.push({ act, inode })
        return
      }
      case 'unlink':
        names.delete(act.path)
        naming.push({ act, inode: undefined })
        return
      case 'write':
      case 'truncate':
        names.get(act.path)?.pending.push(act)
        return
      case 'sync': {
        const inode = names.get(act.path)
        if (inode !== undefined) {
          for (const change of inode.pending) put(inode.durable, change)
          inode.pending = []
        } else {
          // A folder: the names in it are durable from here on.
          for (const one of naming.filter((other) => dirname(other.act.path) === act.path))
            rename(durableNames, one)
          naming = naming.filter((other) => dirname(other.act.path) !== act.path)
        }
        return
      }
      case 'tell':
        return
    }
  }

  /** The files that a power loss leaves. Names, unlike bytes, keep their order. */
  const afterPowerLoss = (manner: Manner, random: Random): ReadonlyMap<string, Buffer> => {
    const kept = new Map(durableNames)
    const renamed =
      manner === 'none' ? 0 : manner === 'all' ? naming.length : random.below(naming.length + 1)
    for (const one of naming.slice(0, renamed)) rename(kept, one)
    const left = new Map<Inode, Buffer>()
    const bytesIn = (inode: Inode): Buffer => {
      const known = left.get(inode)
      if (known !== undefined) return known
      const { bytes, size } = inode.durable
      const content = { bytes: Buffer.from(bytes.subarray(0, size)), size }
      for (const change of survivors(inode.pending, manner, random)) put(content, change)
      const found = content.bytes.subarray(0, content.size)
      left.set(inode, found)
      return found
    }
    return new Map([...kept].map(([path, inode]) => [path, bytesIn(inode)]))
  }

  return { apply, afterPowerLoss }
}

const rename = (
  names: Map<string, Inode>,
  { act, inode }: { readonly act: Naming; readonly inode: Inode | undefined },
): void => {
  if (inode === undefined) names.delete(act.path)
  else names.set(act.path, inode)
}

const put = (content: Content, change: Change): void => {
  const end = change.kind === 'write' ? change.at + change.bytes.length : change.size
  if (end > content.bytes.length) {
    const grown = Buffer.alloc(2 * end)
    content.bytes.copy(grown, 0, 0, content.size)
    content.bytes = grown
  }
  if (change.kind === 'write') {
    change.bytes.copy(content.bytes, change.at)
    content.size = Math.max(content.size, end)
  } else {
    content.bytes.fill(0, end)
    content.size = end
  }
}

const survivors = (
  pending: ReadonlyArray<Change>,
  manner: Manner,
  random: Random,
): ReadonlyArray<Change> => {
  switch (manner) {
    case 'none':
      return []
    case 'all':
      return pending
    case 'prefix':
      return pending.slice(0, random.below(pending.length + 1))
    case 'any':
      return pending.filter(() => random.next() < 0.5)
    case 'torn':
      return pending
        .filter(() => random.next() < 0.7)
        .flatMap((change) => sectorsOf(change, random))
  }
}

/** Some sectors of a write: a disk promises no more than one at a time. */
const sectorsOf = (change: Change, random: Random): ReadonlyArray<Change> => {
  if (change.kind === 'truncate') return [change]
  const parts: Change[] = []
  for (let from = 0; from < change.bytes.length; ) {
    const size = sectorBytes - ((change.at + from) % sectorBytes)
    const bytes = change.bytes.subarray(from, from + size)
    if (random.next() < 0.6) parts.push({ ...change, at: change.at + from, bytes })
    from += size
  }
  return parts
}
