// The time axis: events in their order, never on top of one another where they meet, words that do not
// touch, and a width that the page has.

import { instantFromMillis } from '@selfsame/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { axisOf, slot } from '../src/picture/moments.js'
import { pausesOf, ticksOf } from '../src/picture/ticks.js'
import { durationText } from '../src/time.js'

const seed = Number(process.env.SELFSAME_SEED ?? 1)
const start_ms = Date.UTC(2026, 2, 1)
const width = 860

const steps_ms = fc.constantFrom(0, 0, 0, 1, 400, 3000, 60_000, 86_400_000, 90 * 86_400_000)

const happened = fc.array(
  fc.record({ passed_ms: steps_ms, lanes: fc.uniqueArray(fc.nat({ max: 5 }), { maxLength: 3 }) }),
  { minLength: 1, maxLength: 500, size: 'max' },
)

interface Happened {
  readonly passed_ms: number
  readonly lanes: ReadonlyArray<number>
}

/** Events at the times given; positions have gaps, as those of one person in a log do. */
const eventsOf = (some: ReadonlyArray<Happened>) => {
  let ms = start_ms
  return some.map(({ passed_ms, lanes }, i) => {
    ms += passed_ms
    return { position: 3 * i + 1, recordedAt: instantFromMillis(ms), lanes }
  })
}

describe('the axis', () => {
  it(`keeps order, keeps events that meet apart, and words from touching (seed ${seed})`, () => {
    fc.assert(
      fc.property(happened, (some) => {
        const events = eventsOf(some)
        const axis = axisOf(events, width)
        expect(axis.width).toBeGreaterThanOrEqual(width)
        for (const [i, one] of events.entries()) {
          const x = axis.xOf(one.position)
          expect(x).toBeGreaterThan(0)
          expect(x).toBeLessThan(axis.width)
          const last = events[i - 1]
          if (last !== undefined) {
            expect(x).toBeGreaterThanOrEqual(axis.xOf(last.position))
            if (last.recordedAt !== one.recordedAt)
              expect(x).toBeGreaterThan(axis.xOf(last.position))
            // An event of somebody else in between stands between.
            expect(axis.xOf(last.position + 1)).toBe((axis.xOf(last.position) + x) / 2)
          }
          expect(axis.xOf(one.position + 1)).toBeLessThan(axis.width)
          const met = events
            .slice(0, i)
            .findLast((other) => other.lanes.some((l) => one.lanes.includes(l)))
          if (met !== undefined)
            expect(x - axis.xOf(met.position)).toBeGreaterThanOrEqual(slot - 0.001)
        }
        const ticks = ticksOf(axis)
        expect(ticks[0]?.day).toBe(events[0]?.recordedAt.slice(0, 10))
        for (const [i, { x, day, clock }] of ticks.entries()) {
          const end = x + 7 * Math.max(day.length, clock.length)
          expect(end).toBeLessThanOrEqual(ticks[i + 1]?.x ?? axis.width)
        }
        const pauses = pausesOf(axis)
        for (const [i, { x, text }] of pauses.entries()) {
          const next = pauses[i + 1]
          if (next !== undefined) expect(x + 7 * text.length).toBeLessThan(next.x)
        }
      }),
      { seed, numRuns: 100 },
    )
  })

  it('fills the width with a few events, and grows wider with many', () => {
    const few = axisOf(
      eventsOf([
        { passed_ms: 0, lanes: [0] },
        { passed_ms: 9000, lanes: [0] },
      ]),
      width,
    )
    expect(few.width).toBe(width)
    expect(few.xOf(4)).toBeGreaterThan(width / 2)
    const many = axisOf(
      eventsOf(Array.from({ length: 500 }, () => ({ passed_ms: 9000, lanes: [0] }))),
      width,
    )
    expect(many.width).toBeGreaterThan(500 * slot)
  })

  it('says milliseconds where seconds do not tell two moments apart, and only there', () => {
    const clocks = (passed_ms: number) =>
      ticksOf(
        axisOf(eventsOf([0, passed_ms].map((ms) => ({ passed_ms: ms, lanes: [0] }))), width),
      ).map(({ clock }) => clock)
    expect(clocks(400)).toEqual(['00:00:00.000', '00:00:00.400'])
    expect(clocks(86_400_000)).toEqual(['00:00:00', '00:00:00'])
  })
})

describe('a duration', () => {
  it('is said in the largest unit of which there are two', () => {
    const day = 86_400_000
    expect(
      [999, 1000, 119_000, 120_000, 7_200_000, 2 * day, 61 * day, 800 * day].map(durationText),
    ).toEqual([null, '1 s', '119 s', '2 min', '2 h', '2 d', '2 mo', '2 y'])
  })
})
