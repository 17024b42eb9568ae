// A changed source does what it did before until one of its switches is on, and then one thing differs.

import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { instrument, nameOf } from '../src/instrument.js'
import { sourceFiles, textOf } from '../src/sources.js'
import { refusedByTypes } from '../src/types.js'
import { openWording } from '../src/wording.js'

const source = `
const kinds = ['a', 'b']
export const run = (given: { n?: number } | undefined, list: string[]): string => {
  const n = given?.n ?? 1
  list.push('seen')
  if (n > 2 && kinds.includes('a')) return 'many'
  return kinds.map((kind) => kind + n).join()
}`

/** What a source gives with one switch on; -1 is none. */
const runWith = (code: string, active: number): unknown => {
  const js = ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS } })
  const exports: { run?: (given: unknown, list: ReadonlyArray<string>) => unknown } = {}
  const list: string[] = []
  new Function('exports', '$is', js.outputText)(exports, (n: number) => n === active)
  return [exports.run?.(undefined, list), exports.run?.({ n: 3 }, list), list]
}

describe('a source with switches', () => {
  const { code, mutants } = instrument('a.ts', source, 0)

  it('does what it did while none is on', () => {
    expect(runWith(code, -1)).toEqual(['a1,b1', 'many', ['seen', 'seen']])
  })

  it('does something else for each that can be seen', () => {
    const plain = JSON.stringify(runWith(code, -1))
    const unseen = mutants.filter(({ n }) => {
      try {
        return JSON.stringify(runWith(code, n)) === plain
      } catch {
        return false
      }
    })
    expect(mutants.length).toBeGreaterThan(25)
    // What these give is the same for 1 and 3, and for a list that holds nothing else.
    expect(unseen.map(({ kind, to }) => `${kind}: ${to}`).sort()).toMatchInlineSnapshot(`
      [
        "condition: true",
        "number: 1",
        "operator: n >= 2",
        "push to unshift: list.unshift('seen')",
      ]
    `)
  })

  it('numbers and names each of them once', () => {
    expect(mutants.map(({ n }) => n)).toEqual(mutants.map((_, i) => i))
    expect(new Set(mutants.map(nameOf)).size).toBe(mutants.length)
  })
})

describe('changes of core', () => {
  const file = 'packages/core/src/directory/limits.ts'
  const { mutants } = instrument(file, textOf(file), 0)
  it('are refused where TypeScript refuses them', () => {
    const [emptied] = mutants.filter(({ kind }) => kind === 'object emptied')
    const [more] = mutants.filter(({ kind, from }) => kind === 'number' && from === '100')
    const some = [emptied, more].flatMap((one) => one ?? [])
    const refused = refusedByTypes(some)
    expect(some.map(({ n }) => refused.has(n))).toEqual([true, false])
  }, 60_000)

  it('are of wording where they change a message, a name of a limit in one, and nothing else', () => {
    const isWording = openWording()
    const changed = mutants.filter(isWording).map(({ from }) => from)
    expect(changed).toContain("'tags of one user'")
    expect(changed).not.toContain('100')
    expect(changed).not.toContain("'LIMIT_EXCEEDED'")
  }, 60_000)

  it('stand in every file of its rules', () => {
    expect(sourceFiles.length).toBeGreaterThan(30)
  })
})
