// How figures become medians, ratios, goals and profiles: the parts that must not flatter us.

import { describe, expect, it } from 'vitest'
import { inTurns, isReached, type Row, reachedBy, spreadOf } from '../measure.js'
import { plotOf } from '../plot.js'
import { topOf } from '../profile.js'
import { figure, goalsOf, tableOf } from '../report.js'
import { grownIn } from '../tables/growth.js'
import { dependenciesIn } from '../tables/import.js'

const row = (ours: ReadonlyArray<number>, raw: ReadonlyArray<number>, bound: number): Row => ({
  what: 'SaveUser',
  unit: 'a second',
  measured: [
    { name: 'ours', rounds: ours },
    { name: 'raw', rounds: raw },
  ],
  goals: [{ of: 'ours', over: 'raw', at: 'least', bound }],
})

describe('a figure', () => {
  it('is the median, between the two middle rounds where they are even in number', () => {
    expect(spreadOf([9, 1, 5])).toEqual({ median: 5, lowest: 1, highest: 9 })
    expect(spreadOf([4, 1, 9, 2])).toEqual({ median: 3, lowest: 1, highest: 9 })
  })

  it('is taken in turns, and the first turn is not counted', async () => {
    const order: string[] = []
    const contender = (name: string) => ({
      name,
      round: async (turn: number) => {
        order.push(`${name}${turn}`)
        return turn
      },
    })
    const measured = await inTurns(2, [contender('a'), contender('b')])
    expect(order.join(' ')).toBe('a0 b0 a1 b1 a2 b2')
    expect(measured).toEqual([
      { name: 'a', rounds: [1, 2] },
      { name: 'b', rounds: [1, 2] },
    ])
  })

  it('is shown with three digits that count', () => {
    expect([12_345, 99.96, 0.61234, 5].map(figure)).toEqual(['12,300', '100', '0.612', '5'])
  })
})

describe('a goal', () => {
  it('is judged by the median of the ratios of single rounds, not by the ratio of medians', () => {
    // A pause of the machine in the second round meets both, and changes no ratio but its own.
    const paused = row([60, 6, 60], [100, 10, 100], 0.6)
    expect(reachedBy(paused, { of: 'ours', over: 'raw', at: 'least', bound: 0.6 }).median).toBe(0.6)
    expect(isReached(paused, { of: 'ours', over: 'raw', at: 'least', bound: 0.6 })).toBe(true)
  })

  it('that is not reached is said not to be, in words', () => {
    const table = (bound: number) =>
      goalsOf([{ name: 'one', title: 'One', text: '', rows: [row([59], [100], bound)] }])
    expect(table(0.6)).toContain('**not reached**')
    expect(table(0.59)).toMatch(/\| reached \|$/)
  })

  it('of the other direction is not reached above its bound', () => {
    const memory: Row = {
      what: 'memory',
      unit: 'MiB',
      measured: [{ name: 'ours', rounds: [301] }],
      goals: [],
    }
    expect(isReached(memory, { of: 'ours', over: null, at: 'most', bound: 300 })).toBe(false)
    expect(isReached(memory, { of: 'ours', over: null, at: 'most', bound: 301 })).toBe(true)
  })

  it('that nobody was measured for is not reached', () => {
    const lost = row([], [100], 0.1)
    expect(isReached(lost, { of: 'ours', over: 'raw', at: 'least', bound: 0.1 })).toBe(false)
  })
})

describe('the report', () => {
  it('names each contestant with its spread, and the ratio beside the one it is about', () => {
    const text = tableOf({
      name: 'one',
      title: 'One',
      text: 'Said.',
      rows: [row([10, 30, 20], [100, 100, 100], 0.6)],
    })
    expect(text).toContain('| SaveUser | ours | 20 (10 to 30) a second | 0.2 (0.1 to 0.3) of raw |')
    expect(text).toContain('| SaveUser | raw | 100 (100 to 100) a second |  |')
  })

  it('draws bars in proportion, readable on dark', () => {
    const svg = plotOf({
      title: 'a < b',
      left: 100,
      mark: null,
      groups: [
        {
          label: 'SaveUser',
          bars: [
            { kind: 'ours', value: 50, shown: '50 ours' },
            { kind: 'raw', value: 100, shown: '100 raw' },
          ],
        },
      ],
    })
    const widths = [...svg.matchAll(/width="([\d.]+)" height="18"/g)].map(([, one]) => Number(one))
    expect(widths[1]).toBe(2 * (widths[0] ?? 0))
    expect(svg).toContain('a &lt; b')
    expect(svg).toContain('prefers-color-scheme: dark')
  })
})

describe('what other programs say', () => {
  it('is growth where the scenario told it, and an error where it told none', () => {
    expect(grownIn('x; grown p50 1.05 (raw 1.01), p99 1.30 (raw 1.25)\n')).toEqual({
      p50: { ours: 1.05, raw: 1.01 },
      p99: { ours: 1.3, raw: 1.25 },
    })
    expect(() => grownIn('growth: skipped')).toThrow('the scenario told no growth')
  })

  it('is what a built file imports from elsewhere', () => {
    const built = `import * as E from "fp-ts/lib/Either.js";\nimport { produce } from 'immer'\nimport "./own.js";\nexport * from "io-ts";\n`
    expect(dependenciesIn(built)).toEqual(['fp-ts/lib/Either.js', 'immer', 'io-ts'])
    const inOneLine =
      'import*as E from"fp-ts/lib/Either.js";import{produce}from"immer";const a="x";'
    expect(dependenciesIn(inOneLine)).toEqual(['fp-ts/lib/Either.js', 'immer'])
  })

  it('is where time was spent, waiting aside', () => {
    const frame = (functionName: string) => ({
      functionName,
      url: 'file:///a/b.js',
      lineNumber: 1,
    })
    const profile = {
      nodes: [
        { id: 1, callFrame: frame('seal') },
        { id: 2, callFrame: { functionName: '(idle)', url: '', lineNumber: 0 } },
        { id: 3, callFrame: frame('run') },
      ],
      samples: [1, 2, 3, 1],
      timeDeltas: [20, 900, 10, 10],
    }
    expect(topOf(profile, 5)).toEqual([
      { name: 'seal (b.js:2)', share: 0.75 },
      { name: 'run (b.js:2)', share: 0.25 },
    ])
  })
})
