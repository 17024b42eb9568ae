// Time and ids of tests: the same at every run.

import { nthId } from '@selfsame/core'
import { countingIds, fixedClock, steppingClock, turnedClock } from '@selfsame/testkit'
import { describe, expect, it } from 'vitest'

const uuid7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('clocks', () => {
  it('fixedClock always shows the same time', () => {
    const clock = fixedClock(5)
    expect([clock(), clock()]).toEqual([5, 5])
  })

  it('steppingClock goes on at each look', () => {
    const clock = steppingClock(5, 10)
    expect([clock(), clock(), clock()]).toEqual([5, 15, 25])
  })

  it('turnedClock stands still until it is turned, backwards too', () => {
    const { clock, turn } = turnedClock(5)
    const seen = [clock(), clock()]
    turn(10)
    seen.push(clock())
    turn(-3)
    seen.push(clock())
    expect(seen).toEqual([5, 5, 15, 12])
  })
})

describe('countingIds', () => {
  it('gives the same seeds each time, UUIDs v7 in order', () => {
    const [one, other] = [countingIds(), countingIds()]
    const seeds = Array.from({ length: 1000 }, () => one())
    expect(Array.from({ length: 1000 }, () => other())).toEqual(seeds)
    expect(seeds.every((seed) => uuid7.test(seed))).toBe(true)
    expect([...seeds].sort()).toEqual(seeds)
  })

  it('counts from the seed that is given', () => {
    const seed = '019b76da-a800-7000-8000-00000000abcd'
    const ids = countingIds(seed)
    expect(ids()).toBe(seed)
    expect(ids()).toBe('019b76da-a801-7000-8000-00000000abcd')
  })

  it('leaves room for all ids of a command before the next seed', () => {
    const ids = countingIds()
    const [first, second] = [ids(), ids()]
    expect(nthId(first, 2 ** 18 - 1) < second).toBe(true)
  })
})
