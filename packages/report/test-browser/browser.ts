// Debian's chromium, driven by playwright-core, which brings no browser of its own. Everything that a page
// says or asks for is kept, and the network is off.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import type { Life } from '../src/index.js'
import { reportHtml } from '../src/index.js'

const executablePath = process.env.SELFSAME_CHROMIUM ?? '/usr/bin/chromium'

export interface Look {
  readonly scheme?: 'light' | 'dark'
  readonly width?: number
}

export interface Opened {
  readonly page: Page
  readonly url: string
  /** Everything on the console, errors of the page, dialogs and pages that it opened. */
  readonly said: ReadonlyArray<string>
  readonly asked: ReadonlyArray<string>
  /** What of that came. */
  readonly loaded: ReadonlyArray<string>
}

export type Open = (life: Life, look?: Look) => Promise<Opened>

/** Opens reports as files in one browser, which is closed after the tests of the file. */
export const browserForTests = (): Open => {
  const folder = mkdtempSync(join(tmpdir(), 'selfsame-report-'))
  let browser: Browser | undefined
  let files = 0
  beforeAll(async () => {
    // Chromium has no sandbox for root, as which CI runs; what it opens here we have made.
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  })
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return async (life, { scheme = 'light', width = 1280 } = {}) => {
    if (browser === undefined) throw new Error('there is no browser yet')
    files += 1
    const file = join(folder, `${files}.html`)
    writeFileSync(file, reportHtml(life))
    const context = await browser.newContext({
      colorScheme: scheme,
      offline: true,
      viewport: { width, height: 900 },
    })
    const page = await context.newPage()
    const said: string[] = []
    const asked: string[] = []
    const loaded: string[] = []
    page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`))
    page.on('pageerror', (error) => said.push(`error: ${error.message}`))
    page.on('dialog', (dialog) => {
      said.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('popup', (other) => said.push(`popup: ${other.url()}`))
    page.on('request', (request) => asked.push(request.url()))
    page.on('requestfinished', (request) => loaded.push(request.url()))
    const url = pathToFileURL(file).href
    await page.goto(url)
    return { page, url, said, asked, loaded }
  }
}
