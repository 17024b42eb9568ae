// Changes of calls: methods swapped or left out, constructors without their content, `?.` made `.`.

import ts from 'typescript'
import type { Mutation } from './mutation.js'
import { isWholeChain } from './places.js'

const swapped: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  find: 'findLast',
  findLast: 'find',
  push: 'unshift',
  unshift: 'push',
  pop: 'shift',
  shift: 'pop',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  min: 'max',
  max: 'min',
  keys: 'values',
  values: 'keys',
}

/** Methods whose result can stand for what they were called on, and the other way round. */
const leftOut = new Set([
  'filter',
  'map',
  'flatMap',
  'sort',
  'toSorted',
  'reverse',
  'toReversed',
  'slice',
  'concat',
  'flat',
  'trim',
  'toLowerCase',
  'toUpperCase',
  'normalize',
])

/** Every change of one call, the call as a whole being what is replaced. */
export const ofCall = (
  node: ts.CallExpression | ts.NewExpression,
  file: ts.SourceFile,
): ReadonlyArray<Mutation> => {
  const callee = node.expression
  if (ts.isNewExpression(node)) {
    const isContainer = /^(Map|Set)$/.test(callee.getText(file))
    const isFilled = (node.arguments ?? []).length > 0
    const type =
      node.typeArguments === undefined
        ? ''
        : `<${node.typeArguments.map((one) => one.getText(file)).join(', ')}>`
    return isContainer && isFilled
      ? [{ kind: 'container emptied', to: `new ${callee.getText(file)}${type}()` }]
      : []
  }
  const isOptionalCall = node.questionDotToken !== undefined
  if (!ts.isPropertyAccessExpression(callee))
    return isOptionalCall ? [{ kind: 'optional call left out', to: 'undefined' }] : []
  const method = callee.name.text
  const receiver = callee.expression.getText(file)
  const dot = callee.questionDotToken === undefined ? '.' : '?.'
  const given = node.arguments.map((one) => one.getText(file)).join(', ')
  const other = Object.hasOwn(swapped, method) ? swapped[method] : undefined
  return [
    ...(other === undefined
      ? []
      : [{ kind: `${method} to ${other}`, to: `${receiver}${dot}${other}(${given})` }]),
    ...(leftOut.has(method) ? [{ kind: `${method} left out`, to: receiver }] : []),
    ...(isOptionalCall ? [{ kind: 'optional call left out', to: 'undefined' }] : []),
  ]
}

/** Each `?.` of a chain made a plain one. */
export const ofChain = (node: ts.Expression, file: ts.SourceFile): ReadonlyArray<Mutation> => {
  if (!isWholeChain(node)) return []
  const start = node.getStart(file)
  const text = node.getText(file)
  return dotsIn(node).map((dot) => {
    const at = dot.getStart(file) - start
    const next = text[at + 2]
    const plain = next === '[' || next === '(' ? '' : '.'
    return { kind: '?. made .', to: text.slice(0, at) + plain + text.slice(at + 2) }
  })
}

const dotsIn = (link: ts.Node): ReadonlyArray<ts.Node> => {
  if (
    !ts.isPropertyAccessExpression(link) &&
    !ts.isElementAccessExpression(link) &&
    !ts.isCallExpression(link)
  )
    return []
  const own = link.questionDotToken
  return [...dotsIn(link.expression), ...(own === undefined ? [] : [own])]
}
