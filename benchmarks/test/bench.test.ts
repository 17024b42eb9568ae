// The benchmark itself, at a size that proves nothing but that it runs: every table but the growth of
// latency (the fault tests run that one), and the report of it.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runBench, tableNames } from '../bench.js'
import type { Result } from '../site.js'
import { sizes } from '../sizes.js'
import { buildWorker } from '../worker.js'
import { writeReport } from '../write.js'

const seed = 7
let folder = ''
let results: ReadonlyArray<Result> = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'selfsame-bench-test-'))
  const worker = await buildWorker(join(folder, 'program'))
  results = await runBench(
    { sizes: sizes.tiny, seed, peers: null, worker, folder, profiles: null },
    tableNames.filter((name) => name !== 'growth'),
    () => {},
  )
}, 300_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const rowsOf = (name: string) => results.find((one) => one.name === name)?.rows ?? []

describe(`the benchmark (seed ${seed})`, () => {
  it('measures every row, each contestant in every round', () => {
    for (const { name, rows } of results)
      for (const { what, measured } of rows) {
        expect(measured.length, `${name}: ${what}`).toBeGreaterThan(0)
        for (const one of measured)
          for (const figure of one.rounds)
            expect(figure, `${name}: ${what}: ${one.name}`).toBeGreaterThan(0)
        expect(new Set(measured.map(({ rounds }) => rounds.length)).size, what).toBe(1)
      }
  })

  it('compares each single command with the raw program, one at a time and many in flight', () => {
    for (const name of ['one', 'many']) {
      const goals = rowsOf(name).filter((row) => row.goals.length > 0)
      expect(goals.map(({ what }) => what)).toEqual([
        'RegisterInstallation',
        'Personalize',
        'SaveUser',
        'SetPrimary',
      ])
      for (const { measured } of goals)
        expect(measured.map((one) => one.name)).toEqual(['ours', 'raw'])
    }
  })

  it('writes a report with every goal, plots, and figures that a program can read', () => {
    writeReport(
      {
        date: '2026-11-25T00:00:00.000Z',
        form: 'tiny',
        seed,
        load: { before: 9, after: 9 },
        machine: {
          processor: 'a processor',
          cores: 2,
          memory_gib: 1,
          system: 'linux',
          fileSystem: 'ext4',
          node: '20',
          sqlite: '3',
          commit: 'abc',
        },
        sizes: sizes.tiny,
        peers: [],
        tables: results,
      },
      folder,
    )
    const text = readFileSync(join(folder, 'docs/performance.md'), 'utf8')
    const goals = results.flatMap(({ rows }) => rows.flatMap((row) => row.goals))
    const judged = [...text.matchAll(/\| (reached|\*\*not reached\*\*) \|$/gm)]
    expect(judged).toHaveLength(goals.length)
    expect(text).toContain('The machine was busy with other work (load 9 before the run)')
    expect(text).toContain('left out of this run')
    for (const [, name = ''] of text.matchAll(/\]\((performance\/[^)]+)\)/g))
      expect(existsSync(join(folder, 'docs', name)), name).toBe(true)
    const read = JSON.parse(readFileSync(join(folder, 'benchmarks/results.json'), 'utf8'))
    expect(read.tables).toEqual(JSON.parse(JSON.stringify(results)))
  })

  it('refuses the name of a table that is not there', async () => {
    const bench = { sizes: sizes.tiny, seed, peers: null, worker: '', folder, profiles: null }
    await expect(runBench(bench, ['fastest'], () => {})).rejects.toThrow(
      'there is no table fastest',
    )
  })
})
