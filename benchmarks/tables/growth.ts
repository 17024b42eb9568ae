// How a single command slows down with the log: the figures of the fault tests' scenario, which has a
// raw program of its own and judges by the same goal.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Table } from '../site.js'

const root = join(import.meta.dirname, '..')

/** The growth of p50 and p99, ours and the raw program's, from the line that the scenario prints. */
export const grownIn = (
  said: string,
): Readonly<Record<'p50' | 'p99', { readonly ours: number; readonly raw: number }>> => {
  const found =
    /grown p50 (?<a>[\d.]+) \(raw (?<b>[\d.]+)\), p99 (?<c>[\d.]+) \(raw (?<d>[\d.]+)\)/.exec(said)
  const { a, b, c, d } = found?.groups ?? {}
  if (found === null) throw new Error(`the scenario told no growth: ${said.slice(-500)}`)
  return { p50: { ours: Number(a), raw: Number(b) }, p99: { ours: Number(c), raw: Number(d) } }
}

export const growthTable: Table = {
  name: 'growth',
  title: 'Latency as the log grows',
  text:
    'How many times longer a single SaveUser takes on a log of 1,000,000 events than on one of 10,000 ' +
    '(in the short form 20,000 and 2,000), by `pnpm fault --only growth`.',
  rows: async ({ sizes, seed }) => {
    const { stdout } = await promisify(execFile)(
      join(root, '../node_modules/.bin/tsx'),
      [
        '--conditions=development',
        join(root, '../tools/fault/src/main.ts'),
        '--only',
        'growth',
        '--seed',
        String(seed),
        ...(sizes.isGrowthLong ? ['--long'] : []),
      ],
      { maxBuffer: 10_000_000 },
    ).catch((error: { readonly stdout?: string; readonly message: string }) => {
      // It exits with 1 where growth was beyond the goal: the figures are what is wanted.
      if (error.stdout === undefined || error.stdout === '') throw error
      return { stdout: error.stdout }
    })
    const grown = grownIn(stdout)
    return (['p50', 'p99'] as const).map((which) => ({
      what: `${which} of SaveUser`,
      unit: 'times',
      measured: (['ours', 'raw'] as const).map((name) => ({ name, rounds: [grown[which][name]] })),
      goals: [{ of: 'ours', over: 'raw', at: 'most', bound: 1.2 }],
    }))
  },
}
