// The page as a parser reads it: the facts of the life, in the elements that say what they are, and
// nothing that runs or loads.

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type Life, reportHtml } from '../src/index.js'
import { visible } from '../src/visible.js'
import { type Element, openPage, type Page, textIn } from './parsed.js'
import { attacks, erased, hostile, long, rich, single } from './stories.js'

const lives: ReadonlyArray<readonly [name: string, make: () => Promise<Life>]> = [
  ['everything', rich],
  ['an erased person', erased],
  ['one event', single],
  ['five hundred events', long],
  ['hostile values', hostile],
]

const rowsIn = (page: Page, id: string): ReadonlyArray<ReadonlyArray<string>> => {
  const section = page.byId(id)
  if (section === undefined) throw new Error(`no section ${id}`)
  return page.all('tr', section).map((row) => cellsIn(row))
}

const cellsIn = (row: Element): ReadonlyArray<string> =>
  row.childNodes.flatMap((one) => ('tagName' in one ? [textIn(one).trim()] : []))

/** The row of a table whose first cell says this. */
const rowOf = (
  rows: ReadonlyArray<ReadonlyArray<string>>,
  first: string,
): ReadonlyArray<string> => {
  const found = rows.find(([cell]) => cell === first)
  if (found === undefined) throw new Error(`no row ${first} among ${rows.map(([one]) => one)}`)
  return found
}

describe.each(lives)('a page of %s', (_, make) => {
  it('holds no script, loads nothing, and names its one style sheet by its digest', async () => {
    const page = openPage(reportHtml(await make()))
    const never = [
      'script',
      'img',
      'iframe',
      'object',
      'embed',
      'link',
      'base',
      'form',
      'image',
      'use',
    ]
    for (const name of never) expect(page.all(name)).toEqual([])
    for (const one of page.all('*'))
      for (const { name, value } of one.attrs) {
        expect(name).not.toMatch(/^on|^style$|^src|^data|^action$/)
        if (name === 'href') expect(value).toMatch(/^#/)
      }
    const css = textOfSheet(page)
    expect(css).not.toMatch(/url\((?!#)|@import|image-set|src:/)
    const sha256 = createHash('sha256').update(css).digest('base64')
    const policies = page
      .all('meta')
      .filter((one) => page.attribute(one, 'http-equiv') === 'Content-Security-Policy')
      .map((one) => page.attribute(one, 'content'))
    expect(policies).toEqual([
      `default-src 'none'; style-src 'sha256-${sha256}'; base-uri 'none'; form-action 'none'`,
    ])
  })

  it('leads every link to a place that is there, and gives every id once', async () => {
    const page = openPage(reportHtml(await make()))
    const ids = page.all('*').flatMap((one) => page.attribute(one, 'id') ?? [])
    expect(ids).toEqual([...new Set(ids)])
    const links = page.all('a').map((one) => page.attribute(one, 'href')?.slice(1))
    expect(links.length).toBeGreaterThan(4)
    for (const link of links) expect(ids).toContain(link)
  })

  it('has its events as rows, and a table beside the picture', async () => {
    const life = await make()
    const page = openPage(reportHtml(life))
    const [head, ...rows] = rowsIn(page, 'events')
    expect(head).toEqual(['Event', 'Time (UTC)', 'What happened', 'Actor', 'Command'])
    expect(
      rows.map(([position, time, , actor, command]) => [position, time, actor, command]),
    ).toEqual(
      life.history.events.map(({ position, recordedAt, actor, commandId }) => [
        `#${position}`,
        recordedAt.replace('T', ' ').replace('Z', ''),
        actor ?? 'none',
        commandId ?? 'none',
      ]),
    )
    const figure = page.one('figure')
    expect(page.all('figcaption', figure)).toHaveLength(1)
    const picture = page.all('svg', figure).filter((one) => page.attribute(one, 'role') === 'img')
    expect(picture).toHaveLength(1)
    expect(page.all('table', figure)).toHaveLength(1)
    for (const table of page.all('table')) expect(page.all('caption', table)).toHaveLength(1)
  })
})

const textOfSheet = (page: Page): string =>
  page
    .one('head style')
    .childNodes.map((one) => ('value' in one ? one.value : ''))
    .join('')

describe('a page of everything', () => {
  it('says what is held, and which events gave it', async () => {
    const rows = rowsIn(openPage(reportHtml(await rich())), 'held')
    expect(rowOf(rows, 'External id').slice(1)).toEqual([
      'shop-4711',
      '#4 linked 2026-03-08 08:18:07.412 by app-server for login-8f21',
    ])
    expect(rowOf(rows, 'First name').slice(1)).toEqual([
      'A.',
      '#11 written on user B 2026-03-19 08:18:07.412 by newsletter-import for import-17' +
        '#28 user A absorbs user B 2026-06-16 08:25:37.412 by support-2 for merge-again, ' +
        'by an override rather than Ada (#17)',
    ])
    expect(rowOf(rows, 'Phone')[1]).toBe('+491701234567')
    expect(rowOf(rows, 'Created')[1]).toBe('2026-03-02 08:14:07.412')
    expect(rows.filter(([name]) => name === 'Tag').map(([, value]) => value)).toEqual([
      'newsletter',
      'vip',
    ])
  })

  it('says of each merge its policy, and what was chosen and rejected', async () => {
    const page = openPage(reportHtml(await rich()))
    const merges = page.all('article')
    expect(merges.map((one) => textIn(page.one('h3', one)))).toEqual([
      '#18 user A absorbs user B undone at #27',
      '#19 user A absorbs user C',
      '#28 user A absorbs user B',
      '#31 user A absorbs user D',
    ])
    const facts = merges.map((one) =>
      page.all('dl', one).flatMap((list) => page.all('div', list).map((fact) => textIn(fact))),
    )
    expect(facts[1]).toEqual([
      'Time (UTC)2026-04-27 08:18:37.412',
      'Actorsupport-7',
      'Commandmerge-the-tablet',
      'Asked byMergeUsers',
      'Policylatest-wins',
      'Identities taken+491701234567 (#14)',
      'Installations takentablet',
    ])
    const again = merges[2]
    if (again === undefined) throw new Error('no third merge')
    expect(page.all('tr', again).map(cellsIn)).toContainEqual([
      'First name',
      'A. (#11)',
      'Ada (#17)',
      'user B',
      'by an override',
    ])
  })

  it('has a row for each stretch of each lane', async () => {
    const rows = rowsIn(openPage(reportHtml(await rich())), 'life')
    const at = rows.findIndex(([lane]) => lane === 'rewards tablet')
    expect(rows.slice(at, at + 3).map((cells) => cells.slice(-4))).toEqual([
      ['user C', '#13 2026-03-22 08:18:07.412', '#19 2026-04-27 08:18:37.412', ''],
      ['user A', '#19 2026-04-27 08:18:37.412', '#23 2026-05-06 08:23:37.412', ''],
      [expect.stringMatching(/^somebody else: /), '#23 2026-05-06 08:23:37.412', 'still', ''],
    ])
    const b = rows.findIndex(([lane]) => lane?.startsWith('user user B'))
    expect(rows.slice(b, b + 4).map((cells) => cells.at(-4))).toEqual([
      'alive',
      'absorbed in user A',
      'alive again',
      'absorbed in user A',
    ])
    expect(rowOf(rows, 'shop ada-phone')).toEqual([
      'shop ada-phone',
      'user A',
      '#2 2026-03-02 08:14:07.412',
      '#34 2026-10-16 08:25:57.412',
      'made primary #8, updated #20, no longer primary #32, expired #34',
    ])
  })

  it('can be made as of any moment before', async () => {
    const page = openPage(reportHtml(await rich(18)))
    expect(rowsIn(page, 'events')).toHaveLength(1 + 12)
    expect(textIn(page.one('h1'))).toBe('Ada Lovelace')
  })
})

describe('a page of an erased person', () => {
  it('shows what happened, and no value', async () => {
    const text = reportHtml(await erased())
    for (const value of ['Ada', 'Lovelace', 'ada.l@', '4711', '491701234567', 'newsletter<', 'vip'])
      expect(text).not.toContain(value)
    const page = openPage(text)
    expect(rowOf(rowsIn(page, 'life'), 'external id erased:4')[3]).toContain('#38')
    expect(textIn(page.byId('held') ?? page.one('body'))).toContain('This person was erased')
  })
})

describe('a page of hostile values', () => {
  it('consists of the same elements and attributes as one of harmless values', async () => {
    const [bad, good] = [openPage(reportHtml(await hostile())), openPage(reportHtml(await rich()))]
    const kinds = (page: Page): ReadonlyArray<string> => {
      const found = page
        .all('*')
        .flatMap(({ tagName, attrs }) => [
          tagName,
          ...attrs.map(({ name }) => `${tagName}[${name}]`),
        ])
      return [...new Set(found)]
    }
    expect(kinds(bad).filter((kind) => !kinds(good).includes(kind))).toEqual([])
  })

  it('shows them as text, and what cannot be seen as what it is', async () => {
    const page = openPage(reportHtml(await hostile()))
    const values = new Set(page.all('bdi').map(textIn))
    for (const attack of attacks) expect(values).toContain(visible(attack.slice(0, 250)))
    expect([...values].join()).toContain('\\u{202e}txt.exe')
    expect(textIn(page.one('body'))).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\ufeff]/)
  })
})
