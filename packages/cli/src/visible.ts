// Text that a terminal would obey or a reader could not see, made visible: names and addresses come
// from strangers, and an escape sequence in one must not move the cursor of whoever looks at it.

/** Controls (C0, C1, DEL), lone surrogates, bidirectional marks, and characters without a look. */
const unseen =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u{200b}\u{2060}-\u{206f}\u{feff}\u{fff9}-\u{fffb}\u{e0000}-\u{e007f}]/gu

/** Text for a terminal: what is unseen stands as `\u{202e}`, line feeds included. */
export const visible = (text: string): string =>
  text.replace(unseen, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)

/** Several lines for a terminal: line feeds stay. */
export const visibleLines = (text: string): string => text.split('\n').map(visible).join('\n')

const unitEscaped = (unit: string): string =>
  `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * JSON whose strings hold nothing unseen: the same value, escaped. On one line, or indented.
 * JSON.stringify has escaped every line feed inside strings, so those left are its own.
 */
export const jsonText = (value: unknown, isPretty = false): string =>
  (JSON.stringify(value, null, isPretty ? 2 : 0) ?? 'null').replace(unseen, (character) =>
    character === '\n' ? character : character.split('').map(unitEscaped).join(''),
  )
