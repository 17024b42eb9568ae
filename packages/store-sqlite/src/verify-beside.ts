// What stands beside the log, read for a verification: first its head, then the sums over projections
// and tags, then row by row what the log gives other sums of. It can run in a thread of its own.

import { toFailure } from './failure.js'
import type { VerifyFinding } from './verify-report.js'
import { type ComparedRow, comparedRows } from './verify-rows.js'
import type { Table } from './verify-scratch.js'
import { openSource, type Source, type SourceOptions } from './verify-source.js'
import { openSums, type SumsByName } from './verify-sums.js'
import { hashesOfIndex, type TagHashes, wrongTags } from './verify-tags.js'

/** Rows and findings told at once. */
const pageRows = 1000
/** What the log gives other sums of. */
export interface Differing {
  readonly tables: ReadonlyArray<Table>
  /** Blocks of the index of tags. */
  readonly blocks: ReadonlyArray<number>
}

/** User keys that are kept open: one after another is needed. */
const keysMax = 100

export interface BesideOptions extends SourceOptions {
  /** The key of the sums. */
  readonly secret: string
}

export type Beside =
  | { readonly kind: 'begun'; readonly head: number }
  | { readonly kind: 'summing' }
  | { readonly kind: 'summed'; readonly sums: SumsByName; readonly tags: TagHashes }
  | { readonly kind: 'rows'; readonly rows: ReadonlyArray<ComparedRow> }
  | { readonly kind: 'findings'; readonly findings: ReadonlyArray<VerifyFinding> }

function* inPages<A>(all: Iterable<A>): Generator<ReadonlyArray<A>> {
  let page: A[] = []
  for (const one of all) {
    page.push(one)
    if (page.length < pageRows) continue
    yield page
    page = []
  }
  yield page
}

export function* besidePages(
  options: BesideOptions,
): Generator<Beside, void, Differing | undefined> {
  const source = openSource(options, keysMax)
  try {
    yield { kind: 'begun', head: source.head }
    try {
      const sums = openSums(options.secret)
      for (const page of inPages(comparedRows(source.db, source.vault))) {
        for (const row of page) sums.count(...row)
        yield { kind: 'summing' }
      }
      const tags = new Map<number, string>()
      for (const [block, hash] of hashesOfIndex(source)) {
        tags.set(block, hash)
        yield { kind: 'summing' }
      }
      const differing = yield { kind: 'summed', sums: sums.byName, tags }
      if (differing !== undefined) yield* details(source, differing)
    } catch (error) {
      // What SQLite cannot read is told, and ends what it was reading.
      const { message } = toFailure(error, 'reading what stands beside the log')
      yield { kind: 'findings', findings: [{ what: 'sqlite', message }] }
    }
  } finally {
    source.close()
  }
}

function* details(source: Source, { tables, blocks }: Differing): Generator<Beside> {
  if (tables.length > 0)
    for (const rows of inPages(comparedRows(source.db, source.vault)))
      yield { kind: 'rows', rows: rows.filter(([table]) => tables.includes(table)) }
  for (const block of blocks)
    for (const findings of inPages(wrongTags(source, block))) yield { kind: 'findings', findings }
}
