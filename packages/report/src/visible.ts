// Text that a screen would obey or a reader could not see, made visible: names and addresses come from
// strangers, and neither an escape sequence nor a mark that turns the text around may reach the screen.

/** Controls (C0, C1, DEL), lone surrogates, bidirectional marks, and characters without a look. */
const unseen =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u{200b}\u{2060}-\u{206f}\u{feff}\u{fff9}-\u{fffb}\u{e0000}-\u{e007f}]/gu

/**
 * Every character that cannot be seen, replaced.
 * @since 0.1.0
 * @category Text
 */
export const replaceUnseen = (text: string, by: (character: string) => string): string =>
  text.replace(unseen, by)

/**
 * Text for a screen: what is unseen stands as `\u{202e}`, line feeds included.
 * @since 0.1.0
 * @category Text
 */
export const visible = (text: string): string =>
  replaceUnseen(text, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
