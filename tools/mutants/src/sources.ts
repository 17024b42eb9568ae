// The sources whose rules are changed, and TypeScript's view of them.

import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import ts from 'typescript'

/** The repository. */
export const root = resolve(import.meta.dirname, '../../..')

const core = join(root, 'packages/core')

/** The folders of core that hold its rules. */
export const folders: ReadonlyArray<string> = ['commands', 'directory', 'merge']

/** Every source that is changed, as a path from the repository's root, in order. */
export const sourceFiles: ReadonlyArray<string> = folders.flatMap((folder) =>
  readdirSync(join(core, 'src', folder))
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => relative(root, join(core, 'src', folder, name))),
)

export const textOf = (file: string): string => readFileSync(join(root, file), 'utf8')

/** Opens programs over core in which some sources have another text. */
export const openPrograms = (): ((changed: ReadonlyMap<string, string>) => ts.Program) => {
  const path = join(core, 'tsconfig.json')
  const read = ts.readConfigFile(path, ts.sys.readFile)
  const { options, fileNames } = ts.parseJsonConfigFileContent(read.config, ts.sys, core)
  const settings: ts.CompilerOptions = {
    ...options,
    noEmit: true,
    composite: false,
    incremental: false,
  }
  const host = ts.createCompilerHost(settings, true)
  const parsed = new Map<string, ts.SourceFile | undefined>()
  const readOnce = host.getSourceFile
  let texts: ReadonlyMap<string, string> = new Map()
  host.getSourceFile = (name, languageVersion) => {
    const other = texts.get(relative(root, name))
    if (other !== undefined) return ts.createSourceFile(name, other, languageVersion, true)
    if (!parsed.has(name)) parsed.set(name, readOnce(name, languageVersion))
    return parsed.get(name)
  }
  let last: ts.Program | undefined
  return (changed) => {
    texts = changed
    last = ts.createProgram({
      rootNames: fileNames,
      options: settings,
      host,
      ...(last === undefined ? {} : { oldProgram: last }),
    })
    return last
  }
}
