// Everything that a package's index exports says since when it exists and where it belongs.
import { join, relative, sep } from 'node:path'
import ts from 'typescript'
import type { Finding } from './finding.js'

const tagsAsked = ['since', 'category']

const isOverload = (declaration: ts.Declaration): boolean => ts.isFunctionDeclaration(declaration)

const missingTags = (declaration: ts.Declaration): ReadonlyArray<string> => {
  const present = ts
    .getJSDocTags(declaration)
    .filter((tag) => (ts.getTextOfJSDocComment(tag.comment) ?? '').trim() !== '')
    .map((tag) => tag.tagName.text)
  return tagsAsked.filter((tag) => !present.includes(tag))
}

/** Of a function's overloads one documented declaration will do; a type and a value of one name both need it. */
const undocumented = (
  declarations: ReadonlyArray<ts.Declaration>,
): ReadonlyArray<ts.Declaration> => {
  const overloads = declarations.filter(isOverload)
  const documented = overloads.some((one) => missingTags(one).length === 0)
  return [
    ...declarations.filter((one) => !isOverload(one) && missingTags(one).length > 0),
    ...(documented ? [] : overloads.slice(0, 1)),
  ]
}

/** The exported symbols of a module, those inside an exported namespace included. */
const surface = (
  module: ts.Symbol,
  checker: ts.TypeChecker,
  seen: Set<ts.Symbol>,
): ReadonlyArray<ts.Symbol> =>
  checker.getExportsOfModule(module).flatMap((exported) => {
    const symbol =
      (exported.flags & ts.SymbolFlags.Alias) === 0 ? exported : checker.getAliasedSymbol(exported)
    if (seen.has(symbol)) return []
    seen.add(symbol)
    return (symbol.flags & ts.SymbolFlags.ValueModule) === 0
      ? [symbol]
      : surface(symbol, checker, seen)
  })

const compilerOptions = (root: string): ts.CompilerOptions => {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, root)
  return { ...options, composite: false, noEmit: true, types: [] }
}

/** Findings about the index of each package folder given, from declarations of that package only. */
export const publicDocs = (
  root: string,
  packageFolders: ReadonlyArray<string>,
): ReadonlyArray<Finding> => {
  const indexes = packageFolders.map((folder) => join(root, folder, 'src/index.ts'))
  const program = ts.createProgram(indexes, compilerOptions(root))
  const checker = program.getTypeChecker()
  return indexes.flatMap((index, at) => {
    const file = program.getSourceFile(index)
    const module = file === undefined ? undefined : checker.getSymbolAtLocation(file)
    if (module === undefined) return []
    const own = join(root, packageFolders[at] ?? '', 'src') + sep
    return surface(module, checker, new Set()).flatMap((symbol) =>
      undocumented(
        (symbol.declarations ?? []).filter((one) =>
          join(one.getSourceFile().fileName).startsWith(own),
        ),
      ).map((declaration) => {
        const source = declaration.getSourceFile()
        const start = source.getLineAndCharacterOfPosition(declaration.getStart(source))
        const missing = missingTags(declaration).map((tag) => `@${tag}`)
        return {
          file: relative(root, source.fileName).split(sep).join('/'),
          line: start.line + 1,
          rule: 'public-docs',
          message: `${symbol.name} is exported without ${missing.join(' and ')}`,
        }
      }),
    )
  })
}
