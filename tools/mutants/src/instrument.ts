// One source with every change in it under a switch: `$is(7) ? changed : original`. A program built of
// such sources tries thousands of changes without being built again.

import { createHash } from 'node:crypto'
import ts from 'typescript'
import { mutationsOf } from './mutations.js'
import { canSwitch, isOutside } from './places.js'

/** One change of one source, by where it stands and what it does. */
export interface Mutant {
  /** What the switch is asked with. */
  readonly n: number
  readonly file: string
  readonly line: number
  readonly column: number
  readonly kind: string
  readonly from: string
  readonly to: string
  /** The offsets of what is replaced. */
  readonly start: number
  readonly end: number
}

/** A source with its switches, and what they switch. */
export interface Instrumented {
  readonly code: string
  readonly mutants: ReadonlyArray<Mutant>
}

const shownMax = 60

/** A name for a change that stays the same while other parts of the sources change. */
export const nameOf = ({ file, line, column, kind, to, start, end }: Mutant): string => {
  const text = to.replace(/\s+/g, ' ')
  const shown =
    text.length > shownMax
      ? `${text.slice(0, shownMax)}… ${createHash('sha256').update(text).digest('hex').slice(0, 6)}`
      : text
  return `${file}:${line}:${column}+${end - start} ${kind}: ${shown}`
}

/**
 * Puts every change of a source under its switch; numbers count on from `first`. A program that
 * `watches` changes nothing: it tells which changes would have given another value, where asking
 * does nothing else.
 */
export const instrument = (
  file: string,
  text: string,
  first: number,
  watches = false,
): Instrumented => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true)
  const mutants: Mutant[] = []
  const add = (node: ts.Node, kind: string, to: string): number => {
    const start = node.getStart(source)
    const { line, character } = source.getLineAndCharacterOfPosition(start)
    const n = first + mutants.length
    mutants.push({
      n,
      file,
      line: line + 1,
      column: character + 1,
      kind,
      from: text.slice(start, node.end),
      to,
      start,
      end: node.end,
    })
    return n
  }

  const render = (node: ts.Node): string => {
    if (isOutside(node)) return text.slice(node.getStart(source), node.end)
    const own = canSwitch(node) && ts.isExpression(node) ? mutationsOf(node, source) : []
    const numbered = own
      .filter(({ to }, i) => own.findIndex((one) => one.to === to) === i)
      .filter(({ to }) => to !== node.getText(source))
      .map(({ kind, to }) => ({ to, n: add(node, kind, to) }))
    const removed = isRemovable(node) ? add(node, 'statement left out', removedText) : null
    const emptied = isBody(node) ? add(node, 'block emptied', '{}') : null
    const inside = children(node)
    if (removed !== null) return `if ($is(${removed})) {} else { ;${inside}; }`
    if (emptied !== null) return `{ if ($is(${emptied})) {} else ${inside} }`
    if (numbered.length === 0) return inside
    const isSeen = watches && isHarmless(node.getText(source))
    const isCall = ts.isCallExpression(node)
    const seen = isSeen
      ? numbered.filter(({ to }) => isHarmless(to) && !(isCall && to === 'undefined'))
      : []
    const switched = numbered.filter((one) => !seen.includes(one))
    const watched =
      seen.length === 0
        ? inside
        : `$see(${inside}, ${seen.map(({ n, to }) => `${n}, () => (${to})`).join(', ')})`
    return `(${switched.map(({ n, to }) => `$is(${n}) ? (${to}) : `).join('')}(${watched}))`
  }

  const children = (node: ts.Node): string => {
    let rendered = ''
    let at = node.getStart(source)
    ts.forEachChild(node, (child) => {
      rendered += text.slice(at, child.getStart(source)) + render(child)
      at = child.end
    })
    return rendered + text.slice(at, node.end)
  }

  return { code: children(source), mutants }
}

/** What writes somewhere: methods of collections, and functions of core that change a draft or a journal. */
const writers = [
  ...['push', 'unshift', 'pop', 'shift', 'set', 'add', 'clear', 'forEach'],
  ...['record', 'close', 'newUserId', 'createUser', 'create', 'expire', 'expireHolder', 'attach'],
  ...['detach', 'mark', 'setPrimary', 'clearPrimary', 'promote', 'settle', 'addErrors'],
  ...['recordAttributes', 'recordInstallationPatch', 'linkIdentities', 'replaceIdentities'],
  ...['load', 'loadOne', 'loadUser', 'loadAbsorbed', 'loadInstallation', 'put', 'produce', 'apply'],
  ...['write', 'bring', 'carry', 'leave', 'changing', 'release', 'tagAgain', 'showOwn'],
  ...['patchPersonal', 'usersMerged', 'usersUnmerged', 'attributesChanged', 'userCreated'],
  ...['installationRegistered'],
]

const writes = new RegExp(`\\+\\+|--|[^=!<>]=[^=>]|\\bdelete\\b|\\b(${writers.join('|')})\\(`)

/** What is asked twice does no more than what is asked once: nothing is written by it. */
const isHarmless = (text: string): boolean => !writes.test(text)

const removedText = ';'

const isRemovable = (node: ts.Node): boolean =>
  (ts.isExpressionStatement(node) && !ts.isStringLiteral(node.expression)) ||
  ts.isContinueStatement(node) ||
  ts.isBreakStatement(node) ||
  ts.isThrowStatement(node) ||
  (ts.isReturnStatement(node) && node.expression === undefined)

/** A block of more than what leaving out its only statement would try. */
const isBody = (node: ts.Node): boolean => {
  if (!ts.isBlock(node) || node.statements.length === 0) return false
  const [only, second] = node.statements
  return second !== undefined || (only !== undefined && !isRemovable(only))
}
