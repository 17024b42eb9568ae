// The results of a run as NDJSON, one line a change, so that a run can go on where it stopped, and what
// they come to.

import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Mutant } from './instrument.js'

/** What became of a change. */
export type Status =
  | 'killed' // the kit told of a broken law
  | 'hung' // it made a loop without an end, or the process died: as good as killed
  | 'survived'
  | 'unreached' // no story ran the changed code
  | 'refused' // TypeScript refuses it
  | 'accepted' // TypeScript accepts it, and it was not tried yet
  | 'wording' // it only changes what a person reads

/** One line of the results. */
export interface Line {
  readonly name: string
  readonly status: Status
  readonly from: string
  /** What found it, and the story that did: `check({ seed, path: String(story), runs: 1 })`. */
  readonly property?: number
  readonly story?: number
  readonly law?: string
  readonly message?: string
  readonly tried?: number
  /** Of how many stories of the model those tried were taken: a later round takes from more. */
  readonly stories?: number
  readonly seconds?: number
}

/** What a run stands for: with another of these its lines mean something else. */
export interface Head {
  readonly seed: number
  readonly sources: string
}

/** The first line of a file of results. */
export const headOf = (seed: number, texts: ReadonlyArray<string>): Head => ({
  seed,
  sources: createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 16),
})

/** Results that stand in a file already, and a way to add to them. */
export interface Records {
  readonly known: ReadonlyMap<string, Line>
  readonly add: (line: Line) => void
}

/** Opens a file of results; one of other sources or another seed is refused. */
export const openRecords = (path: string, head: Head): Records => {
  mkdirSync(dirname(path), { recursive: true })
  const known = new Map<string, Line>()
  if (existsSync(path)) {
    const [first, ...lines] = readFileSync(path, 'utf8')
      .split('\n')
      .filter((one) => one !== '')
    if (first !== JSON.stringify(head))
      throw new Error(`${path} has the results of another run: give --out, or remove it`)
    for (const text of lines) {
      const line: Line = JSON.parse(text)
      known.set(line.name, line)
    }
  } else appendFileSync(path, `${JSON.stringify(head)}\n`)
  return {
    known,
    add: (line) => {
      known.set(line.name, line)
      appendFileSync(path, `${JSON.stringify(line)}\n`)
    },
  }
}

/** The figures of a run. */
export interface Score {
  readonly counts: Readonly<Record<Status, number>>
  /** Killed of all that count: those that TypeScript refuses and those of wording do not. */
  readonly share: number
}

export const scoreOf = (lines: ReadonlyArray<Line>): Score => {
  const counts = {
    killed: 0,
    hung: 0,
    survived: 0,
    unreached: 0,
    refused: 0,
    wording: 0,
    accepted: 0,
  }
  for (const { status } of lines) counts[status] += 1
  const found = counts.killed + counts.hung
  const all = found + counts.survived + counts.unreached
  return { counts, share: all === 0 ? 1 : found / all }
}

/** What is left, file by file. */
export const leftOver = (lines: ReadonlyArray<Line>): ReadonlyArray<string> =>
  lines
    .filter(({ status }) => status === 'survived' || status === 'unreached')
    .map(
      ({ name, status, from }) => `${status} ${name}  <- ${from.replace(/\s+/g, ' ').slice(0, 60)}`,
    )

export const lineOf = (
  { from }: Mutant,
  name: string,
  status: Status,
  more: Partial<Line> = {},
): Line => ({ name, status, from: from.slice(0, 200), ...more })
