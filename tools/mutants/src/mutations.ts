// The changes that are tried on one node of a source: each as the text that takes the node's place.

import ts from 'typescript'
import { ofCall, ofChain } from './call-mutations.js'
import type { Mutation } from './mutation.js'
import { isTest } from './places.js'

const K = ts.SyntaxKind

const swaps: Readonly<Partial<Record<ts.SyntaxKind, ReadonlyArray<string>>>> = {
  [K.EqualsEqualsEqualsToken]: ['!=='],
  [K.ExclamationEqualsEqualsToken]: ['==='],
  [K.EqualsEqualsToken]: ['!='],
  [K.ExclamationEqualsToken]: ['=='],
  [K.LessThanToken]: ['<=', '>='],
  [K.LessThanEqualsToken]: ['<', '>'],
  [K.GreaterThanToken]: ['>=', '<='],
  [K.GreaterThanEqualsToken]: ['>', '<'],
  [K.PlusToken]: ['-'],
  [K.MinusToken]: ['+'],
  [K.AsteriskToken]: ['/'],
  [K.SlashToken]: ['*'],
  [K.AmpersandAmpersandToken]: ['||'],
  [K.BarBarToken]: ['&&'],
  [K.PlusEqualsToken]: ['-='],
  [K.MinusEqualsToken]: ['+='],
}

const comparisons = new Set<ts.SyntaxKind>([
  K.EqualsEqualsEqualsToken,
  K.ExclamationEqualsEqualsToken,
  K.EqualsEqualsToken,
  K.ExclamationEqualsToken,
  K.LessThanToken,
  K.LessThanEqualsToken,
  K.GreaterThanToken,
  K.GreaterThanEqualsToken,
])

/** Every change of one expression. */
export const mutationsOf = (node: ts.Expression, file: ts.SourceFile): ReadonlyArray<Mutation> => [
  ...asCondition(node),
  ...(ts.isBinaryExpression(node) ? ofOperator(node, file) : []),
  ...(ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)
    ? ofUnary(node, file)
    : []),
  ...ofLiteral(node),
  ...(ts.isArrayLiteralExpression(node) ? ofList(node.elements, '[', ']', 'array', file) : []),
  ...(ts.isObjectLiteralExpression(node) ? ofList(node.properties, '{', '}', 'object', file) : []),
  ...(ts.isCallExpression(node) || ts.isNewExpression(node) ? ofCall(node, file) : []),
  ...ofChain(node, file),
  ...asResult(node),
]

/** A test is held to be always true, and always false; a part of one, what leaves it without effect. */
const asCondition = (node: ts.Expression): ReadonlyArray<Mutation> => {
  const to = (...texts: ReadonlyArray<string>): ReadonlyArray<Mutation> =>
    texts.map((text) => ({ kind: 'condition', to: text }))
  if (node.kind === K.TrueKeyword || node.kind === K.FalseKeyword) return []
  const { parent } = node
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === K.AmpersandAmpersandToken)
    return to('true')
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === K.BarBarToken)
    return to('false')
  // What is always true there never ends.
  if (ts.isForStatement(parent) || ts.isWhileStatement(parent))
    return isTest(node) ? to('false') : []
  const isBoolean =
    isTest(node) ||
    (ts.isBinaryExpression(node) &&
      (comparisons.has(node.operatorToken.kind) ||
        node.operatorToken.kind === K.AmpersandAmpersandToken ||
        node.operatorToken.kind === K.BarBarToken))
  return isBoolean ? to('true', 'false') : []
}

const ofOperator = (node: ts.BinaryExpression, file: ts.SourceFile): ReadonlyArray<Mutation> => {
  const { left, operatorToken, right } = node
  const [a, b] = [left.getText(file), right.getText(file)]
  if (operatorToken.kind === K.QuestionQuestionToken)
    return [
      { kind: '?? without its right side', to: a },
      { kind: '?? without its left side', to: b },
    ]
  return (swaps[operatorToken.kind] ?? []).map((operator) => ({
    kind: 'operator',
    to: `${a} ${operator} ${b}`,
  }))
}

const ofUnary = (
  node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression,
  file: ts.SourceFile,
): ReadonlyArray<Mutation> => {
  const operand = node.operand.getText(file)
  switch (node.operator) {
    case K.ExclamationToken:
      return [{ kind: 'negation', to: operand }]
    case K.MinusToken:
      return ts.isNumericLiteral(node.operand) ? [] : [{ kind: 'operator', to: operand }]
    case K.PlusPlusToken:
      return [
        {
          kind: 'operator',
          to: ts.isPrefixUnaryExpression(node) ? `--${operand}` : `${operand}--`,
        },
      ]
    case K.MinusMinusToken:
      return [
        {
          kind: 'operator',
          to: ts.isPrefixUnaryExpression(node) ? `++${operand}` : `${operand}++`,
        },
      ]
    default:
      return []
  }
}

const ofLiteral = (node: ts.Expression): ReadonlyArray<Mutation> => {
  if (node.kind === K.TrueKeyword) return [{ kind: 'boolean', to: 'false' }]
  if (node.kind === K.FalseKeyword) return [{ kind: 'boolean', to: 'true' }]
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node))
    return [{ kind: 'string', to: node.text === '' ? "'mutant'" : "''" }]
  if (ts.isTemplateExpression(node)) return [{ kind: 'string', to: "''" }]
  if (!ts.isNumericLiteral(node)) return []
  const n = Number(node.text.replaceAll('_', ''))
  return [n + 1, ...(n > 0 ? [n - 1] : [])].map((to) => ({ kind: 'number', to: String(to) }))
}

/** A list is emptied, and each of its members is left out. */
const ofList = (
  members: ts.NodeArray<ts.Node>,
  open: string,
  close: string,
  kind: string,
  file: ts.SourceFile,
): ReadonlyArray<Mutation> => {
  const texts = members.map((member) => member.getText(file))
  if (texts.length === 0) return []
  return [
    { kind: `${kind} emptied`, to: open + close },
    ...(texts.length < 2
      ? []
      : texts.map((text, i) => ({
          kind: `${kind} without ${text.replace(/\s+/g, ' ').slice(0, 40)}`,
          to: `${open} ${texts.filter((_, at) => at !== i).join(', ')} ${close}`,
        }))),
  ]
}

/** What is returned is nothing. */
const asResult = (node: ts.Expression): ReadonlyArray<Mutation> => {
  const isResult =
    ts.isReturnStatement(node.parent) ||
    (ts.isArrowFunction(node.parent) && node.parent.body === node)
  const isNothing =
    ts.isLiteralExpression(node) || (ts.isIdentifier(node) && node.text === 'undefined')
  return isResult && !isNothing ? [{ kind: 'result emptied', to: 'undefined' }] : []
}
