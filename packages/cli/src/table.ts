// Tables for a person at a terminal: never wider than it, nothing cut off, nothing unseen in them.

import Table from 'cli-table3'
import { visible } from './visible.js'

const graphemes = new Intl.Segmenter()
const wide =
  /[\p{Emoji_Presentation}\u{1100}-\u{115f}\u{2e80}-\u{a4cf}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]|\u{fe0f}/u

const plain = /^[ -~]*$/

const widthOf = (text: string): number => (plain.test(text) ? text.length : widthOfGraphemes(text))

const widthOfGraphemes = (text: string): number =>
  [...graphemes.segment(text)].reduce((sum, { segment }) => sum + (wide.test(segment) ? 2 : 1), 0)

/** Breaks one line into lines of at most `width` columns, at spaces where there are any. */
const wrapped = (line: string, width: number): ReadonlyArray<string> => {
  if (widthOf(line) <= width) return [line]
  const lines: string[] = []
  let current = ''
  for (const word of line.split(' ')) {
    const joined = current === '' ? word : `${current} ${word}`
    if (widthOf(joined) <= width) {
      current = joined
      continue
    }
    if (current !== '') lines.push(current)
    current = ''
    for (const { segment } of graphemes.segment(word)) {
      if (widthOf(current + segment) > width) {
        lines.push(current)
        current = ''
      }
      current += segment
    }
  }
  return [...lines, current]
}

/** A cell: one text, or several that stand under one another. */
export type Cell = string | ReadonlyArray<string>

const linesOf = (cell: Cell): ReadonlyArray<string> => (typeof cell === 'string' ? [cell] : cell)

const cellText = (cell: Cell, width: number): string =>
  linesOf(cell)
    .flatMap((line) => wrapped(visible(line), width))
    .join('\n')

/** A border before each column and one at the end, a space on both sides of each cell. */
const frameOf = (count: number): number => 3 * count + 1

const narrowest = 6

/** The widths of the columns: what they need where that fits, else the widest give way. */
const widthsFor = (
  rows: ReadonlyArray<ReadonlyArray<Cell>>,
  columns: number,
): ReadonlyArray<number> => {
  const count = Math.max(...rows.map((row) => row.length))
  const widths = Array.from({ length: count }, (_, at) =>
    Math.max(
      1,
      ...rows.flatMap((row) => linesOf(row[at] ?? '').map((line) => widthOf(visible(line)))),
    ),
  )
  const room = Math.max(columns - frameOf(count), narrowest * count)
  for (let sum = total(widths); sum > room; sum = total(widths)) {
    const widest = widths.indexOf(Math.max(...widths))
    const next = Math.max(...widths.filter((_, at) => at !== widest), narrowest)
    const now = widths[widest] ?? narrowest
    widths[widest] = Math.max(Math.min(next, now - 1), now - (sum - room), narrowest)
  }
  return widths
}

const total = (widths: ReadonlyArray<number>): number => widths.reduce((a, b) => a + b, 0)

/** Rows under a head, as a text that ends in a line feed. */
export const table = (
  head: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<Cell>>,
  columns: number,
): string => {
  const widths = widthsFor(head.length === 0 ? rows : [head, ...rows], columns)
  const texts = (row: ReadonlyArray<Cell>): string[] =>
    row.map((cell, at) => cellText(cell, widths[at] ?? narrowest))
  const drawn = new Table({
    head: texts(head),
    colWidths: widths.map((width) => width + 2),
    style: { head: [], border: [], compact: head.length === 0 },
  })
  for (const row of rows) drawn.push(texts(row))
  return `${drawn.toString()}\n`
}

/** Fields of one thing, a row each; empty ones are left out. */
export const fieldTable = (
  fields: ReadonlyArray<readonly [name: string, value: Cell]>,
  columns: number,
): string =>
  table(
    [],
    fields.filter(([, value]) => linesOf(value).some((line) => line !== '')),
    columns,
  )
