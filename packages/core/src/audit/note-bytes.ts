// Base64 (RFC 4648 section 4), in which C2SP's formats write bytes.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/**
 * Bytes in base64, padded.
 * @since 0.1.0
 * @category Audit
 */
export const base64 = (bytes: Uint8Array): string => {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = bytes.subarray(i, i + 3)
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0)
    text += letter(bits >> 18) + letter(bits >> 12)
    text += (b === undefined ? '=' : letter(bits >> 6)) + (c === undefined ? '=' : letter(bits))
  }
  return text
}

const letter = (bits: number): string => alphabet.charAt(bits & 0x3f)

const wellFormed = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/**
 * The bytes of a base64 text; undefined where it is none. Only one text stands for the same bytes.
 * @since 0.1.0
 * @category Audit
 */
export const fromBase64 = (text: string): Uint8Array | undefined => {
  if (!wellFormed.test(text)) return undefined
  const bytes: number[] = []
  for (let i = 0; i < text.length; i += 4) {
    const [a, b, c, d] = [0, 1, 2, 3].map((at) => alphabet.indexOf(text.charAt(i + at)))
    const bits =
      ((a ?? 0) << 18) | ((b ?? 0) << 12) | (Math.max(c ?? 0, 0) << 6) | Math.max(d ?? 0, 0)
    bytes.push((bits >> 16) & 0xff)
    if (c !== -1) bytes.push((bits >> 8) & 0xff)
    if (d !== -1) bytes.push(bits & 0xff)
  }
  const read = Uint8Array.from(bytes)
  return base64(read) === text ? read : undefined
}

/** Whether two byte strings are the same. */
export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at])
