// The story on paper: 80 columns, no colours.

import type { Answer, Asked } from './play.js'
import type { Scene } from './story.js'

const columns = 80

/** Breaks a text at its spaces; every line after the first begins with the indent. */
export const wrapped = (text: string, indent: string): string => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > columns) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].map((one) => indent + one).join('\n')
}

const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 1)}…`

export const heading = (title: string): string => `\n${title}\n${'─'.repeat(columns)}`

const indent = '     '

/** One command of the story: what happened, what was asked, what came of it. */
export const sceneText = (
  number: number,
  { says, expect }: Scene,
  command: Asked,
  answer: Answer,
): string => {
  const { type, ...rest } = command
  const said = `${`${number}`.padStart(3)}  ${wrapped(says, indent).trimStart()}`
  const asked = cut(`${indent}${String(type)} ${JSON.stringify(rest)}`, columns)
  return [said, asked, wrapped(outcomeText(answer, expect === 'again'), `${indent}  `)].join('\n')
}

const outcomeText = (answer: Answer, isRepeated: boolean): string => {
  if (!answer.ok) return `✗ refused, ${answer.error.code}: ${answer.error.message}`
  const { events, position } = answer
  if (isRepeated) return `✓ the receipt of position ${position} again; nothing is recorded`
  if (events.length === 0) return '✓ nothing to record'
  const recorded = events.map((event) => `${event.position} ${event.type}`).join(', ')
  return `✓ recorded ${recorded}`
}

/** Rows in columns as wide as their longest cell. */
export const table = (
  head: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
): string => {
  const all = [head, ...rows]
  const widths = head.map((_, at) => Math.max(...all.map((row) => (row[at] ?? '').length)))
  const lines = all.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const [first = '', ...others] = lines
  return [first, widths.map((width) => '─'.repeat(width)).join('  '), ...others].join('\n')
}
