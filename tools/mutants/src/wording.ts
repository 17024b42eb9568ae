// Which parts of the sources are words for a person, and nothing else. The kit promises the codes and
// details of a refusal, not its wording, so changes of wording are counted apart.
//
// The rule: a change is one of wording where it stands inside
// - an argument for a parameter that is named `message`, or the name that a codec is made with;
// - the value of a property or variable that is named `message`, or the message of an `Error`;
// - the text on the left of an Either that holds plain text;
// - a variable that is read in such places only.

import { join } from 'node:path'
import ts from 'typescript'
import type { Mutant } from './instrument.js'
import { openPrograms, root, sourceFiles } from './sources.js'

/** Tells of a change whether it is one of wording. */
export const openWording = (): ((mutant: Mutant) => boolean) => {
  const program = openPrograms()(new Map())
  const checker = program.getTypeChecker()
  const spans = new Map(
    sourceFiles.map((file) => {
      const source = program.getSourceFile(join(root, file))
      if (source === undefined) throw new Error(`${file} is not in the program`)
      return [
        file,
        wordsIn(source, checker).map((node) => [node.getStart(source), node.end] as const),
      ] as const
    }),
  )
  return ({ file, start, end }) =>
    (spans.get(file) ?? []).some(([from, to]) => from <= start && end <= to)
}

const wordsIn = (source: ts.SourceFile, checker: ts.TypeChecker): ReadonlyArray<ts.Node> => {
  const nodes = everyNode(source)
  const words: ts.Node[] = nodes.filter((node) => isWording(node, checker))
  const isWord = (node: ts.Node): boolean =>
    words.some((word) => word.pos <= node.pos && node.end <= word.end)
  // A variable may be read in another one that is wording: until nothing is added.
  for (let before = -1; before !== words.length; ) {
    before = words.length
    for (const node of nodes) {
      if (!ts.isVariableDeclaration(node) || node.initializer === undefined) continue
      if (isWord(node.initializer) || isExported(node)) continue
      const symbol = checker.getSymbolAtLocation(node.name)
      const readers = nodes.filter(
        (one) =>
          ts.isIdentifier(one) && one !== node.name && checker.getSymbolAtLocation(one) === symbol,
      )
      if (readers.length > 0 && readers.every(isWord)) words.push(node.initializer)
    }
  }
  return words
}

const everyNode = (node: ts.Node): ReadonlyArray<ts.Node> => {
  const nodes: ts.Node[] = []
  const walk = (one: ts.Node): void => {
    nodes.push(one)
    ts.forEachChild(one, walk)
  }
  walk(node)
  return nodes
}

const isExported = (node: ts.VariableDeclaration): boolean =>
  ts.isVariableStatement(node.parent.parent) &&
  (node.parent.parent.modifiers ?? []).some((one) => one.kind === ts.SyntaxKind.ExportKeyword)

const isWording = (node: ts.Node, checker: ts.TypeChecker): boolean => {
  const { parent } = node
  if (parent === undefined) return false
  if (ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent))
    return (
      parent.initializer === node && ts.isIdentifier(parent.name) && parent.name.text === 'message'
    )
  if (ts.isNewExpression(parent))
    return /Error$/.test(parent.expression.getText()) && isArgument(parent, node)
  if (!ts.isCallExpression(parent) || !isArgument(parent, node)) return false
  if (parent.expression.getText() === 'E.left') return isText(checker.getTypeAtLocation(node))
  const at = parent.arguments.findIndex((one) => one.pos === node.pos)
  const parameter = checker.getResolvedSignature(parent)?.parameters[at]
  if (parameter?.name === 'message') return true
  const callee = parent.expression.getText()
  return parameter?.name === 'name' && /^(codec|object|list|literals)$/.test(callee)
}

const isArgument = (call: ts.CallExpression | ts.NewExpression, node: ts.Node): boolean =>
  (call.arguments ?? []).some((one) => one === node)

const isText = (type: ts.Type): boolean => (type.flags & ts.TypeFlags.StringLike) !== 0
