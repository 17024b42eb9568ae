// Which changes TypeScript refuses: they cannot be committed, so no test has to find them.

import { join } from 'node:path'
import ts from 'typescript'
import type { Mutant } from './instrument.js'
import { openPrograms, root, textOf } from './sources.js'

/** What is only untidy: a name or a line that is no longer used. */
const untidy = new Set([6133, 6192, 6196, 6198, 6199, 7027])

/**
 * The numbers of the changes that do not type-check in their own file. Changes of several files are
 * checked together where their types cannot be seen from another file.
 */
export const refusedByTypes = (
  mutants: ReadonlyArray<Mutant>,
  onProgress: (done: number) => void = () => {},
): ReadonlySet<number> => {
  const programOf = openPrograms()
  const original = programOf(new Map())
  const isHidden = new Map(
    mutants.map((mutant) => [mutant.n, isHiddenIn(original, mutant)] as const),
  )
  const refused = new Set<number>()
  let done = 0
  for (const round of roundsOf(mutants, ({ n }) => isHidden.get(n) ?? false)) {
    const program = programOf(new Map(round.map((mutant) => [mutant.file, changedText(mutant)])))
    for (const { n, file } of round) {
      const source = program.getSourceFile(join(root, file))
      if (source === undefined) throw new Error(`${file} is not in the program`)
      const found = [
        ...program.getSyntacticDiagnostics(source),
        ...program.getSemanticDiagnostics(source),
      ]
      if (found.some(({ code }) => !untidy.has(code))) refused.add(n)
    }
    done += round.length
    onProgress(done)
  }
  return refused
}

export const changedText = ({ file, start, end, to }: Mutant): string => {
  const text = textOf(file)
  return `${text.slice(0, start)}${isWord(to) ? to : `(${to})`}${text.slice(end)}`
}

/** What takes the place of a statement, a block or a single word stands without parentheses. */
const isWord = (to: string): boolean => /^(\w+|;|\{\}|'\w*'|\[\])$/.test(to)

/** One change of each file at a time; what other files may see is checked alone. */
const roundsOf = (
  mutants: ReadonlyArray<Mutant>,
  isHidden: (mutant: Mutant) => boolean,
): ReadonlyArray<ReadonlyArray<Mutant>> => {
  const alone = mutants.filter((mutant) => !isHidden(mutant)).map((mutant) => [mutant])
  const together: Mutant[][] = []
  const counts = new Map<string, number>()
  for (const mutant of mutants.filter(isHidden)) {
    const at = counts.get(mutant.file) ?? 0
    counts.set(mutant.file, at + 1)
    const round = together[at]
    if (round === undefined) together.push([mutant])
    else round.push(mutant)
  }
  return [...together, ...alone]
}

/** Whether a change stands inside what declares its type: nothing outside can see it. */
const isHiddenIn = (program: ts.Program, { file, start, end }: Mutant): boolean => {
  const source = program.getSourceFile(join(root, file))
  if (source === undefined) throw new Error(`${file} is not in the program`)
  const isIn = (node: ts.Node): boolean => node.getStart(source) <= start && node.end >= end
  const find = (node: ts.Node): boolean => {
    const declares =
      (ts.isFunctionLike(node) || ts.isVariableDeclaration(node)) && node.type !== undefined
    return declares || (ts.forEachChild(node, (child) => isIn(child) && find(child)) ?? false)
  }
  return find(source)
}
