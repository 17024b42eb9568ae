// Reading TypeScript as a tree, so that a rule never trips over a string or a comment.
import ts from 'typescript'
import type { Spot } from './finding.js'

export const isTypeScript = (path: string): boolean => /\.[mc]?ts$/.test(path)

/** The line of an offset, counted from 1. */
export const lineOf = (text: string, offset: number): number =>
  text.slice(0, offset).split('\n').length

/** Asks about every node of a file what is wrong with it, and gathers the answers. */
export const spotsIn = (
  source: { readonly path: string; readonly text: string },
  ask: (node: ts.Node, file: ts.SourceFile) => string | undefined,
): ReadonlyArray<Spot> => {
  const file = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.ES2023, true)
  const spots: Array<Spot> = []
  const visit = (node: ts.Node): void => {
    const message = ask(node, file)
    if (message !== undefined) {
      spots.push({ line: lineOf(source.text, node.getStart(file)), message })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return spots
}
