// The report for those who read it with a keyboard or a screen reader: where the focus goes, what can be
// moved by keys, what is announced, and that axe finds nothing.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type axe from 'axe-core'
import type { Page } from 'playwright-core'
import { afterEach, describe, expect, it } from 'vitest'
import { erased, hostile, long, rich, single } from '../test/stories.js'
import { browserForTests, type Opened } from './browser.js'
import { focusedOn, stopsOf } from './measure.js'

declare global {
  interface Window {
    readonly axe: typeof axe
  }
}

const open = browserForTests()

let opened: Opened | undefined

afterEach(async () => {
  await opened?.page.context().close()
  opened = undefined
})

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)

/** The findings of axe, by its rules of WCAG 2.2 A and AA and of good practice. */
const findingsOn = async (page: Page): Promise<ReadonlyArray<string>> => {
  // Evaluated from outside: the page's own policy would not let it in.
  await page.evaluate(axeSource)
  return page.evaluate(async () => {
    const { violations, passes } = await window.axe.run(document, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
    if (passes.length < 10) return ['axe has looked at nothing']
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`),
    )
  })
}

describe.each(['light', 'dark'] as const)('axe in %s', (scheme) => {
  it.each(Object.entries({ rich, erased, single, hostile }))(
    'finds nothing in a life: %s',
    async (_, make) => {
      opened = await open(await make(), { scheme })
      expect(await findingsOn(opened.page)).toEqual([])
    },
  )

  it('finds nothing where the page is narrow', async () => {
    opened = await open(await rich(), { scheme, width: 400 })
    expect(await findingsOn(opened.page)).toEqual([])
  })
})

describe('axe', () => {
  it('finds nothing in a life of five hundred events', async () => {
    opened = await open(await long())
    expect(await findingsOn(opened.page)).toEqual([])
  })

  it('would find what is wrong', async () => {
    opened = await open(await rich())
    await opened.page.evaluate(() => {
      document.documentElement.removeAttribute('lang')
      for (const one of document.querySelectorAll('.scroll')) one.removeAttribute('aria-label')
      document.querySelector('.plot')?.removeAttribute('aria-label')
    })
    const findings = await findingsOn(opened.page)
    expect(new Set(findings.map((one) => one.split(':')[0]))).toEqual(
      new Set(['html-has-lang', 'landmark-unique', 'svg-img-alt']),
    )
  })
})

describe('the keyboard', () => {
  it('comes to every link and every region in the order of the page, and out again', async () => {
    opened = await open(await rich())
    const { page } = opened
    const stops = await page.evaluate(stopsOf)
    expect(stops.slice(0, 6)).toEqual([
      '#life',
      '#life',
      '#held',
      '#merges',
      '#events',
      'Picture of the life over time',
    ])
    const reached: string[] = []
    for (const _ of stops) {
      await page.keyboard.press('Tab')
      reached.push(await page.evaluate(focusedOn))
    }
    expect(reached).toEqual(stops)
  })

  it('shows where it is: the way past the head appears, and everything has a ring', async () => {
    opened = await open(await rich())
    const { page } = opened
    const look = () => {
      const one = document.activeElement
      if (one === null) throw new Error('nothing has the focus')
      const { outlineStyle, outlineWidth } = getComputedStyle(one)
      return { left: one.getBoundingClientRect().left, outlineStyle, outlineWidth }
    }
    await page.keyboard.press('Tab')
    const skip = await page.evaluate(look)
    expect(skip.left).toBeGreaterThanOrEqual(0)
    expect(skip).toMatchObject({ outlineStyle: 'solid', outlineWidth: '3px' })
    for (let i = 0; i < 5; i += 1) await page.keyboard.press('Tab')
    expect(await page.evaluate(focusedOn)).toBe('Picture of the life over time')
    expect(await page.evaluate(look)).toMatchObject({ outlineStyle: 'solid', outlineWidth: '3px' })
  })

  it('moves the picture sideways, and leads from a value to its event', async () => {
    opened = await open(await long())
    const { page } = opened
    const picture = page.locator('.picture')
    await picture.focus()
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction(() => {
      const one = document.querySelector('.picture')
      return one !== null && one.scrollLeft > 0
    })
    await page.locator('#held a.at').first().focus()
    const to = await page.evaluate(focusedOn)
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.querySelector(':target') !== null)
    expect(`#${await page.locator(':target').getAttribute('id')}`).toBe(to)
    expect(await page.locator(':target').isVisible()).toBe(true)
  })

  it('opens and closes the table', async () => {
    opened = await open(await rich())
    const { page } = opened
    const isOpen = () => document.querySelector('details')?.open
    expect(await page.evaluate(isOpen)).toBe(true)
    await page.locator('summary').focus()
    await page.keyboard.press('Enter')
    expect(await page.evaluate(isOpen)).toBe(false)
  })
})

describe('a screen reader', () => {
  it('is told the headings, the picture in a sentence, and its table', async () => {
    opened = await open(await rich())
    const { page } = opened
    const heard = await page.locator('body').ariaSnapshot()
    const headings = heard.split('\n').filter((line) => /heading ".*\[level=[12]\]/.test(line))
    expect(headings.map((line) => line.trim())).toEqual([
      '- heading "A. Lovelace" [level=1]',
      '- heading "The life" [level=2]',
      '- heading "Held now" [level=2]',
      '- heading "Merges" [level=2]',
      '- heading "Chain of events" [level=2]',
    ])
    expect(heard).toContain(
      'img "The life of A. Lovelace over time: 11 lanes, 31 events. The table after the picture says the same."',
    )
    expect(heard).toContain('table "The same life as a table: who had what, and when"')
    expect(heard).toContain('columnheader "Until"')
    expect(heard).toMatch(/rowheader "rewards tablet"/)
    expect(heard).toMatch(/cell "user C"/)
    // The names beside the picture stand in the table already.
    expect(heard).not.toContain('"UTC"')
  })
})
