// Text and JSON for a terminal: an escape sequence in a name must not move the cursor of whoever looks.

import { replaceUnseen, visible } from '@selfsame/report'

export { visible }

/** Several lines for a terminal: line feeds stay. */
export const visibleLines = (text: string): string => text.split('\n').map(visible).join('\n')

const unitEscaped = (unit: string): string =>
  `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * JSON whose strings hold nothing unseen: the same value, escaped. On one line, or indented.
 * JSON.stringify has escaped every line feed inside strings, so those left are its own.
 */
export const jsonText = (value: unknown, isPretty = false): string =>
  replaceUnseen(JSON.stringify(value, null, isPretty ? 2 : 0) ?? 'null', (character) =>
    character === '\n' ? character : character.split('').map(unitEscaped).join(''),
  )
