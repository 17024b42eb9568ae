// Texts in UTF-8, which hashes are taken of: core has no TextEncoder.

/**
 * A text in UTF-8.
 * @since 0.1.0
 * @category Values
 */
export const utf8 = (text: string): Uint8Array => {
  const bytes: number[] = []
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), continuation(code))
    else if (code < 0x10000)
      bytes.push(0xe0 | (code >> 12), continuation(code >> 6), continuation(code))
    else
      bytes.push(
        0xf0 | (code >> 18),
        continuation(code >> 12),
        continuation(code >> 6),
        continuation(code),
      )
  }
  return Uint8Array.from(bytes)
}

const continuation = (code: number): number => 0x80 | (code & 0x3f)

/** How many bytes a text has in UTF-8. */
export const utf8Length = (text: string): number => {
  let length = text.length
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    // Half of a pair has two of its four bytes.
    length += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2
  }
  return length
}
