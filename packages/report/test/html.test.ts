// What `html` is made of: text that cannot become markup, and templates that it does not take.

import fc from 'fast-check'
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import { describe, expect, it } from 'vitest'
import { type Html, html, joined, sheet, textOf } from '../src/html.js'
import { visible } from '../src/visible.js'
import { attacks } from './stories.js'

const seed = Number(process.env.SELFSAME_SEED ?? 1)

type Node = DefaultTreeAdapterTypes.ChildNode

const parsed = (piece: Html): ReadonlyArray<Node> => parseFragment(textOf(piece)).childNodes

const only = (nodes: ReadonlyArray<Node>) => {
  const [node, ...more] = nodes
  if (node === undefined || more.length > 0 || !('attrs' in node))
    throw new Error(`expected one element, got ${nodes.map(({ nodeName }) => nodeName).join()}`)
  return node
}

/** What a parser reads back of a text between tags and in an attribute. */
const readBack = (text: string) => {
  const element = only(parsed(html`<p title="${text}">${text}</p>`))
  const inside = element.childNodes.map((node) => ('value' in node ? node.value : node.nodeName))
  return { title: element.attrs[0]?.value, attributes: element.attrs.length, inside: inside.join() }
}

describe('html', () => {
  it('takes every text as text, as a parser reads it', () => {
    for (const text of attacks)
      expect(readBack(text)).toEqual({ title: visible(text), attributes: 1, inside: visible(text) })
  })

  it(`does so with any text (seed ${seed})`, () => {
    const bits = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      '/',
      '=',
      '`',
      'script',
      '!--',
      '\u202e',
      ' ',
    )
    const texts = fc.array(fc.oneof(bits, fc.string({ unit: 'grapheme' })), { minLength: 1 })
    fc.assert(
      fc.property(texts, (some) => {
        const text = `x${some.join('')}`
        expect(readBack(text)).toEqual({
          title: visible(text),
          attributes: 1,
          inside: visible(text),
        })
      }),
      { seed, numRuns: 500 },
    )
  })

  it('takes pieces as they are, and lists of them', () => {
    const items = joined([html`<b>1</b>`, '<2>', 3, null], html`<hr>`)
    expect(textOf(html`<p>${items}</p>`)).toBe('<p><b>1</b><hr>&lt;2&gt;<hr>3<hr></p>')
  })

  it('takes no object from outside for a piece', () => {
    const forged = JSON.parse('{"markup":"<script>","Symbol(markup)":"<script>"}')
    expect(textOf(html`<p>${forged}</p>`)).not.toContain('<script')
  })

  it('refuses a template in which a part would not be text', () => {
    const x = 'x'
    const bad: ReadonlyArray<readonly [why: RegExp, make: () => Html]> = [
      [/no quotes/, () => html`<p title=${x}></p>`],
      [/no quotes/, () => html`<p ${x}></p>`],
      [/no quotes/, () => html`<p title="a" ${x}></p>`],
      [/no quotes/, () => html`<${x}></p>`],
      [/which runs/, () => html`<p onclick="${x}"></p>`],
      [/which runs/, () => html`<p style="color:${x}"></p>`],
      [/no place on the page/, () => html`<a href="${x}"></a>`],
      [/no place on the page/, () => html`<img alt="" src="/${x}">`],
      [/a script or a style/, () => html`<script>${x}</script>`],
      [/a script or a style/, () => html`<STYLE>${x}</STYLE>`],
      [/half a tag/, () => html`<p title="${x}"`],
      [/inside an attribute/, () => html`<p title="${html`<b></b>`}"></p>`],
      [/end its element/, () => sheet('a{}</style><script>')],
    ]
    for (const [why, make] of bad) expect(make).toThrow(why)
  })

  it('lets a link lead to a place on the page', () => {
    expect(textOf(html`<a href="#event-${7}">7</a>`)).toBe('<a href="#event-7">7</a>')
  })
})
