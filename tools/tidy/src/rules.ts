// Our style as rules over one file: what docs ask of a reader's patience, a program asks of us.
import ts from 'typescript'
import type { Finding, Spot } from './finding.js'
import { isTypeScript, lineOf, spotsIn } from './syntax.js'

type Source = { readonly path: string; readonly text: string }

type Rule = {
  readonly name: string
  readonly appliesTo: (path: string) => boolean
  readonly check: (source: Source) => ReadonlyArray<Spot>
}

const linesMax = 300

const inCore = (path: string): boolean =>
  isTypeScript(path) && path.startsWith('packages/core/src/')

/** Programs of ours, tests excepted: a long table of cases is still one idea. */
const isSource = (path: string): boolean =>
  isTypeScript(path) &&
  (/^(packages|tools)\/[^/]+\/src\//.test(path) || /^(examples|benchmarks)\//.test(path)) &&
  !/\.(test|config)\.ts$/.test(path)

/** The rules and their samples name what they forbid, so they cannot be read by themselves. */
const isOurs = (path: string): boolean => !path.startsWith('tools/tidy/')

const fileLength: Rule = {
  name: 'file-length',
  appliesTo: isSource,
  check: ({ text }) => {
    const lines = text.replace(/\n$/, '').split('\n').length
    return lines > linesMax
      ? [{ line: linesMax + 1, message: `${lines} lines hold two ideas: at most ${linesMax}` }]
      : []
  },
}

const purposeFirst: Rule = {
  name: 'purpose-first',
  appliesTo: isSource,
  check: ({ text }) =>
    /^(#!.*\n)?\s*(\/\/[ \t]*\S|\/\*+\s*[^\s*])/.test(text)
      ? []
      : [{ line: 1, message: 'a file starts with a comment that says what it is for' }],
}

const emptyNames =
  /^(utils?|helpers?|common|managers?|services?|handles?|handlers?|process|data|misc)$/
const emptyEndings = /[-_.](utils?|helpers?|common|managers?|services?|misc)$/

const meaningfulName: Rule = {
  name: 'meaningful-name',
  appliesTo: () => true,
  check: ({ path }) =>
    path
      .split('/')
      .map((segment) => segment.toLowerCase().replace(/(?<=.)(\.test)?\.\w+$/, ''))
      .filter((name) => emptyNames.test(name) || emptyEndings.test(name))
      .map((name) => ({ line: 1, message: `"${name}" names nothing: use a word of the domain` })),
}

const coreSyntax: Rule = {
  name: 'core-syntax',
  appliesTo: inCore,
  check: (source) =>
    spotsIn(source, (node) => {
      if (ts.isClassLike(node)) return 'core has no classes'
      if (ts.isEnumDeclaration(node)) return 'core has no enums: use a union of literals'
      if (ts.isExportAssignment(node)) return 'core has no default exports'
      if (ts.isExportSpecifier(node) && node.name.text === 'default') {
        return 'core has no default exports'
      }
      if (node.kind === ts.SyntaxKind.DefaultKeyword && !ts.isDefaultClause(node.parent)) {
        return 'core has no default exports'
      }
      if (node.kind === ts.SyntaxKind.AnyKeyword) return 'core has no any: use unknown and decode'
      if (
        ts.isAsExpression(node) &&
        ts.isAsExpression(node.expression) &&
        node.expression.type.kind === ts.SyntaxKind.UnknownKeyword
      ) {
        return 'as unknown as believes anything: decode instead'
      }
      return undefined
    }),
}

const impureCalls =
  /^(globalThis\.)?(Date\.now|Date|Math\.random|performance\.\w+|crypto\.(randomUUID|getRandomValues|subtle\.\w+)|set(Timeout|Interval|Immediate))$/

const coreIsPure: Rule = {
  name: 'core-is-pure',
  appliesTo: inCore,
  check: (source) =>
    spotsIn(source, (node, file) => {
      if (ts.isNewExpression(node) && /^(globalThis\.)?Date$/.test(node.expression.getText(file))) {
        return (node.arguments ?? []).length === 0
          ? 'core reads no clock: take the time from the context'
          : undefined
      }
      if (ts.isCallExpression(node) && impureCalls.test(node.expression.getText(file))) {
        return `core calls no ${node.expression.getText(file)}: it comes through a port`
      }
      return undefined
    }),
}

const nothingLeftOpen: Rule = {
  name: 'nothing-left-open',
  appliesTo: (path) => isOurs(path) && /\.(ts|mts|cts|js|mjs|cjs|md|json|yaml|yml|sh)$/.test(path),
  check: ({ text }) =>
    [...text.matchAll(/\b(TODO|FIXME|XXX)\b/g)].map((match) => ({
      line: lineOf(text, match.index),
      message: `${match[0]}: do it or file it`,
    })),
}

const everyTestRuns: Rule = {
  name: 'every-test-runs',
  appliesTo: (path) => isOurs(path) && isTypeScript(path),
  check: ({ text }) =>
    [...text.matchAll(/\b(it|test|describe|suite)(\.\w+)*\.(only|skip|todo)\b/g)].map((match) => ({
      line: lineOf(text, match.index),
      message: `${match[0]} keeps tests from running`,
    })),
}

export const rules: ReadonlyArray<Rule> = [
  fileLength,
  purposeFirst,
  meaningfulName,
  coreSyntax,
  coreIsPure,
  nothingLeftOpen,
  everyTestRuns,
]

/** Every rule over one file. The text is read only where a rule asks for it. */
export const tidy = (path: string, readText: (path: string) => string): ReadonlyArray<Finding> => {
  const asking = rules.filter((rule) => rule.appliesTo(path))
  const text = asking.some((rule) => rule !== meaningfulName) ? readText(path) : ''
  return asking.flatMap((rule) =>
    rule.check({ path, text }).map((spot) => ({ file: path, rule: rule.name, ...spot })),
  )
}
