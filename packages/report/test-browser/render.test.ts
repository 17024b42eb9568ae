// The report in a browser: it renders whole at every size, says nothing, and asks for nothing.

import { auditOf } from '@selfsame/core'
import { sequences, tellStory } from '@selfsame/testkit'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { afterEach, describe, expect, it } from 'vitest'
import { lifeOf } from '../src/index.js'
import { readerOf } from '../test/reader.js'
import { erased, hostile, long, rich, single } from '../test/stories.js'
import { browserForTests, type Opened } from './browser.js'
import { type Box, boxesOf, overflowOf, scrollersOf } from './measure.js'

const open = browserForTests()

let opened: Opened | undefined

afterEach(async () => {
  await opened?.page.context().close()
  opened = undefined
})

const middle = ({ top, bottom }: Box): number => (top + bottom) / 2

/** Boxes that touch another of the same height. */
const touching = (boxes: ReadonlyArray<Box>): ReadonlyArray<string> =>
  boxes.flatMap((one, i) =>
    boxes
      .slice(i + 1)
      .filter(
        (other) =>
          Math.abs(middle(one) - middle(other)) < 4 &&
          one.left < other.right &&
          other.left < one.right,
      )
      .map((other) => `${one.text} touches ${other.text}`),
  )

const lives = { rich, erased, single, long, hostile }
const sizes = [1280, 400]

describe.each(Object.entries(lives))('the report of a life: %s', (_, make) => {
  it.each(sizes)(
    'at %i px: every lane beside its name, nothing wider than the page',
    async (width) => {
      const life = await make()
      opened = await open(life, { width })
      const { page, url, said, asked } = opened
      expect(await page.evaluate(overflowOf)).toBe(0)
      const names = await page.evaluate(boxesOf, '.names .name')
      const lanes = await page.evaluate(boxesOf, '.plot .lane')
      expect(names.length).toBeGreaterThan(0)
      expect(lanes).toHaveLength(names.length)
      for (const [i, name] of names.entries()) {
        const lane = lanes[i]
        if (lane === undefined) throw new Error(`no lane ${i}`)
        expect(Math.abs(middle(lane) - middle(name))).toBeLessThan(2)
        expect(lane.right - lane.left).toBeGreaterThan(1)
        expect(name.bottom - name.top).toBeGreaterThan(20)
      }
      const [plot] = await page.evaluate(boxesOf, '.plot')
      const [around] = await page.evaluate(boxesOf, '.picture')
      if (plot === undefined || around === undefined) throw new Error('no picture')
      expect(plot.right - plot.left).toBeGreaterThanOrEqual(860)
      expect(around.right).toBeLessThanOrEqual(width)
      for (const { left, right, top, bottom } of await page.evaluate(boxesOf, '.plot .mark')) {
        expect(Math.min(left - plot.left, top - plot.top)).toBeGreaterThanOrEqual(0)
        expect(Math.min(plot.right - right, plot.bottom - bottom)).toBeGreaterThanOrEqual(0)
      }
      expect(touching(await page.evaluate(boxesOf, '.axis text'))).toEqual([])
      const tables = await page.evaluate(boxesOf, '.scroll > table')
      expect(tables.length).toBeGreaterThan(1)
      // No value, however long, makes a table wider than it is made for.
      for (const table of tables)
        expect(table.right - table.left).toBeLessThanOrEqual(width === 400 ? 900 : 1116)
      for (const one of await page.evaluate(scrollersOf))
        expect(one).toEqual({ tabIndex: 0, role: 'region', name: expect.stringMatching(/./) })
      expect({ said, asked }).toEqual({ said: [], asked: [url] })
    },
  )
})

const given = Number(process.env.SELFSAME_SEED)
const seed = Number.isInteger(given) && given !== 0 ? given : 1
const stories = fc
  .sample(sequences, { seed, numRuns: process.env.SELFSAME_LONG === undefined ? 6 : 200 })
  .map((sequence, i) => ({ sequence, i }))

describe(`reports of random lives (seed ${seed})`, () => {
  it.each(stories)('render whole and say nothing: story $i', async ({ sequence, i }) => {
    const { events } = await tellStory(sequence)
    const users = events.flatMap((one) => (one.type === 'UserCreated' ? [one.payload.userId] : []))
    const audit = auditOf(readerOf(events))
    const lives = await Promise.all(users.map((userId) => lifeOf(audit, { userId })()))
    const told = lives.flatMap((one) => (E.isRight(one) ? [one.right] : []))
    const [life] = told.sort((a, b) => b.history.events.length - a.history.events.length)
    if (life === undefined) throw new Error('a story of nobody')
    opened = await open(life, { width: i % 2 === 0 ? 1280 : 400 })
    const { page, url, said, asked } = opened
    expect(await page.evaluate(overflowOf)).toBe(0)
    expect(touching(await page.evaluate(boxesOf, '.axis text'))).toEqual([])
    expect(touching(await page.evaluate(boxesOf, '.plot .bar'))).toEqual([])
    expect({ said, asked }).toEqual({ said: [], asked: [url] })
  })
})

describe('the picture', () => {
  it('has every letter inside its bar, and no bar over another', async () => {
    opened = await open(await rich())
    const bars = await opened.page.evaluate(boxesOf, '.plot .bar')
    const letters = await opened.page.evaluate(boxesOf, '.plot .letter')
    expect(letters.map(({ text }) => text)).toEqual(expect.arrayContaining(['A', 'B', 'C', 'D']))
    for (const letter of letters)
      expect(
        bars.filter(
          (bar) =>
            bar.left <= letter.left &&
            letter.right <= bar.right &&
            Math.abs(middle(bar) - middle(letter)) < 4,
        ),
      ).toHaveLength(1)
    expect(touching(bars)).toEqual([])
  })

  it('is drawn in other colours in the dark', async () => {
    const paint = () =>
      ['body', '.bar.self', '.line.part', '.axis text'].map((selector) => {
        const one = document.querySelector(selector)
        if (one === null) throw new Error(selector)
        const { backgroundColor, fill, stroke } = getComputedStyle(one)
        return `${backgroundColor} ${fill} ${stroke}`
      })
    opened = await open(await rich())
    const light = await opened.page.evaluate(paint)
    await opened.page.emulateMedia({ colorScheme: 'dark' })
    const dark = await opened.page.evaluate(paint)
    expect(light[0]).toContain('rgb(255, 255, 255)')
    for (const [i, one] of dark.entries()) expect(one).not.toBe(light[i])
    await opened.page.emulateMedia({ colorScheme: 'dark', media: 'print' })
    expect((await opened.page.evaluate(paint))[0]).toBe(light[0])
  })

  it('fits on paper, however long the life', async () => {
    opened = await open(await long())
    await opened.page.emulateMedia({ media: 'print' })
    const printed_px = 1030
    await opened.page.setViewportSize({ width: printed_px, height: 700 })
    const [plot] = await opened.page.evaluate(boxesOf, '.life .plot')
    expect(plot?.right).toBeGreaterThan(0.95 * printed_px)
    expect(plot?.right).toBeLessThanOrEqual(printed_px)
  })
})

describe('hostile values', () => {
  it('do nothing, load nothing, and stand there as text', async () => {
    const life = await hostile()
    opened = await open(life)
    const { page, said, asked, url } = opened
    const counted = await page.evaluate(() => ({
      title: document.title,
      alien: document.querySelectorAll('script, img, iframe, form, object, svg svg').length,
      sheets: document.styleSheets.length,
      handlers: [...document.querySelectorAll('*')].filter((one) =>
        one.getAttributeNames().some((name) => name.startsWith('on')),
      ).length,
      shown: document.querySelector('h1')?.getBoundingClientRect().height ?? 0,
    }))
    expect(counted).toMatchObject({ alien: 0, sheets: 1, handlers: 0 })
    expect(counted.shown).toBeGreaterThan(20)
    expect(counted.title).toContain('<script>document.title="owned"</script>')
    expect({ said, asked }).toEqual({ said: [], asked: [url] })
  })

  it('would load and run nothing even if they were markup: the policy of the page forbids it', async () => {
    opened = await open(await single())
    const { page, loaded, url } = opened
    const violated = await page.evaluate(async () => {
      const seen: string[] = []
      document.addEventListener('securitypolicyviolation', (event) =>
        seen.push(event.effectiveDirective),
      )
      const heard = (count: number): Promise<void> =>
        new Promise((resolve) => {
          const look = (): void => {
            if (seen.length >= count) resolve()
            else requestAnimationFrame(look)
          }
          look()
        })
      const probe = document.createElement('div')
      probe.innerHTML =
        '<img src="https://evil.example/x.png"><p style="color:red" onclick="document.title=1"></p><iframe src="https://evil.example"></iframe><style>p{color:red}</style>'
      document.body.append(probe)
      const script = document.createElement('script')
      script.textContent = 'document.title = "owned"'
      document.body.append(script)
      await heard(6)
      return [...new Set(seen)].sort()
    })
    expect(violated).toEqual([
      'frame-src',
      'img-src',
      'script-src-attr',
      'script-src-elem',
      'style-src-attr',
      'style-src-elem',
    ])
    expect(await page.title()).toBe('The life of an anonymous person')
    expect(loaded).toEqual([url])
  })
})
