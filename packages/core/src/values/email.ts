// Email addresses: RFC 5322 addr-spec by a parser that was kept, compared without case.

import parseAddresses from 'email-addresses'
import { E, t } from '../prelude.js'
import { type Codec, codec } from './codec.js'
import { codePoints, toStored } from './text.js'
import { reject } from './violation.js'

interface EmailBrand {
  readonly Email: unique symbol
}

/**
 * An address as it is shown, `local@domain` in the casing given, NFC, without comments and folding
 * white space; the local part is quoted only where it has to be.
 *
 * @category Values
 * @since 0.1.0
 */
export type Email = t.Branded<string, EmailBrand>

/** Brands an email that was read from the log. */
export const email = (value: string): Email => value as Email

/**
 * An RFC 5322 addr-spec, in Unicode too (RFC 6532), of at most 255 characters and with a dot in the
 * domain. A display name or angle brackets are refused. Anything malformed is `EMAIL_INVALID`; what
 * is too long, or no string at all, is `REQUEST_FORMAT_INVALID` (domain.md sections 3 and 11).
 *
 * @example
 * Email.decode('"John.Doe"(at work)@Example.com') // right: 'John.Doe@Example.com'
 *
 * @category Values
 * @since 0.1.0
 */
export const Email: Codec<Email> = codec<Email>(
  'an email address',
  (input, context) => {
    if (typeof input !== 'string') return reject(input, context, 'must be an email (a string)')
    const wrong = (message: string) => reject(input, context, message, 'EMAIL_INVALID', input)
    const stored = toStored(input, LENGTH_MAX)
    if (E.isLeft(stored))
      return codePoints(input) > LENGTH_MAX
        ? reject(input, context, stored.left, 'REQUEST_FORMAT_INVALID', input)
        : wrong(stored.left)
    const parsed = parse(stored.right)
    if (parsed === undefined) return wrong('must be an email address as local@domain (RFC 5322)')
    if (!parsed.domain.includes('.')) return wrong('must have a dot in its domain')
    return t.success(email(`${parsed.local}@${parsed.domain}`))
  },
  () => ({
    type: 'string',
    maxLength: LENGTH_MAX,
    pattern: '.@.*\\..',
    description:
      'An addr-spec of RFC 5322 (RFC 6532 for other scripts) with a dot in its domain: more than the ' +
      'pattern says. Compared without case.',
  }),
)

/**
 * What two addresses are compared by: the address without case, by Unicode's rules and in no
 * language (so `I` is `i` in Turkey, too).
 *
 * @category Values
 * @since 0.1.0
 */
export const emailKey = (value: Email): string =>
  // Lower case alone would tell the sigma at the end of a word from the one inside it.
  value.toLowerCase().replaceAll('ς', 'σ').normalize('NFC')

interface Address {
  readonly local: string
  readonly domain: string
}

type Node = parseAddresses.ASTNode

const LENGTH_MAX = 255
const DOT_ATOM =
  /^[\w!#$%&'*+\-/=?^`{|}~\u{80}-\u{10ffff}]+(?:\.[\w!#$%&'*+\-/=?^`{|}~\u{80}-\u{10ffff}]+)*$/u

const parse = (address: string): Address | undefined => {
  const [local = '', domain = '', ...more] = address.split('@')
  if (domain === '') return undefined
  // Nearly every address: the parser would return the same (a test compares them), 20 µs later.
  if (more.length === 0 && DOT_ATOM.test(local) && DOT_ATOM.test(domain)) return { local, domain }
  return parseWhole(address)
}

/**
 * Brackets around an addr-spec make it an angle-addr, which the parser can begin at. It has no way
 * to begin at addr-spec, and at `mailbox` it would search for a display name, 20 times as long.
 */
const parseWhole = (address: string): Address | undefined => {
  const parsed = parseAddresses({ input: `<${address}>`, startAt: 'angle-addr', rfc6532: true })
  if (parsed === null || find('obs-route', parsed.ast) !== undefined) return undefined
  const local = find('local-part', parsed.ast)
  const domain = find('domain', parsed.ast)
  if (local === undefined || domain === undefined) return undefined
  const name = localText(local)
  return {
    local: DOT_ATOM.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`,
    domain: domainText(domain),
  }
}

const find = (name: string, node: Node): Node | undefined => {
  if (node.name === name) return node
  for (const child of node.children) {
    const found = isComment(child) ? undefined : find(name, child)
    if (found !== undefined) return found
  }
  return undefined
}

// The parser's own `semantic` makes one space of several inside quotes, where they count.
const localText = (node: Node): string => {
  if (isComment(node) || node.name === 'dquote') return ''
  if (node.name === 'quoted-pair') return node.semantic
  return node.children.length === 0 ? node.tokens : node.children.map(localText).join('')
}

const domainText = (node: Node): string => {
  if (isComment(node) || node.name === 'fws') return ''
  if (node.name === 'quoted-pair' || node.children.length === 0) return node.tokens
  return node.children.map(domainText).join('')
}

const isComment = (node: Node): boolean => node.name === 'cfws'
