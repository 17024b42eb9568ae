// Where in a source a change can be switched on and off: expressions that may stand in parentheses,
// and statements that may stand in an `if`.

import ts from 'typescript'

/** What is never looked into: types, and what is imported or exported from elsewhere. */
export const isOutside = (node: ts.Node): boolean =>
  ts.isTypeNode(node) ||
  ts.isTypeParameterDeclaration(node) ||
  ts.isImportDeclaration(node) ||
  ts.isExportDeclaration(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  (ts.isFunctionDeclaration(node) && node.body === undefined)

/** Whether an expression may be put in parentheses without meaning something else there. */
export const canSwitch = (node: ts.Node): boolean => {
  if (!ts.isExpression(node)) return false
  const { parent } = node
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) return parent.expression !== node
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) {
    if (parent.expression !== node) return ts.isElementAccessExpression(parent)
    return !ts.isOptionalChain(node)
  }
  if (ts.isBinaryExpression(parent) && isAssignment(parent)) return parent.right === node
  if (ts.isDeleteExpression(parent) || ts.isPostfixUnaryExpression(parent)) return false
  if (ts.isPrefixUnaryExpression(parent)) return !isStep(parent.operator)
  if (ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent))
    return parent.name !== node
  if (ts.isBindingElement(parent)) return parent.initializer === node
  return !ts.isShorthandPropertyAssignment(parent) && !ts.isTypeOfExpression(parent)
}

export const isAssignment = ({ operatorToken: { kind } }: ts.BinaryExpression): boolean =>
  kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment

export const isStep = (operator: ts.SyntaxKind): boolean =>
  operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken

/** The outermost link of a chain with `?.`: what stands inside it cannot stand alone. */
export const isWholeChain = (
  node: ts.Node,
): node is ts.CallExpression | ts.PropertyAccessExpression | ts.ElementAccessExpression =>
  ts.isOptionalChain(node) &&
  !ts.isNonNullExpression(node) &&
  !(ts.isOptionalChain(node.parent) && node.parent.expression === node)

/** Whether the value of an expression is used as true or false, and as nothing else. */
export const isTest = (node: ts.Node): boolean => {
  const { parent } = node
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent)) return parent.expression === node
  if (ts.isConditionalExpression(parent) || ts.isForStatement(parent))
    return parent.condition === node
  return false
}
