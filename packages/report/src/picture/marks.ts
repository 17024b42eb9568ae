// The signs of the picture, each with a form of its own, so that nothing is told by colour alone.

import { type Html, html } from '../html.js'
import type { MarkKind } from '../lanes/lane.js'

/** What a sign means, in the words of the key and of the table. */
export const markWords: Readonly<Record<MarkKind, string>> = {
  created: 'created',
  changed: 'values written',
  promoted: 'became a customer',
  erased: 'erased',
  updated: 'updated',
  expired: 'expired',
  primary: 'made primary',
  'not-primary': 'no longer primary',
}

/** How far from the middle of its lane a sign stands: those of an installation above or below its bar. */
const heights: Readonly<Record<MarkKind, number>> = {
  created: 0,
  changed: 0,
  promoted: 0,
  erased: 0,
  updated: 13,
  expired: 0,
  primary: -13,
  'not-primary': -13,
}

/** A number of the picture: a tenth of a pixel is fine enough. */
export const rounded = (n: number): number => Math.round(n * 10) / 10

const star = (x: number, y: number): string =>
  Array.from({ length: 10 }, (_, i) => {
    const radius = i % 2 === 0 ? 5.5 : 2.4
    const angle = (Math.PI / 5) * i - Math.PI / 2
    return `${rounded(x + radius * Math.cos(angle))},${rounded(y + radius * Math.sin(angle))}`
  }).join(' ')

const shapeOf = (kind: MarkKind, x: number, y: number): Html => {
  switch (kind) {
    case 'created':
      return html`<circle class="hollow" cx="${x}" cy="${y}" r="5" />`
    case 'changed':
      return html`<rect class="solid" x="${x - 2.5}" y="${y - 6}" width="5" height="12" rx="1" />`
    case 'promoted':
      return html`<path class="solid" d="M ${x} ${y - 7} l 7 12 h -14 z" />`
    case 'erased':
    case 'expired':
      return html`<path class="cross" d="M ${x - 6} ${y - 6} l 12 12 m 0 -12 l -12 12" />`
    case 'updated':
      return html`<circle class="dot" cx="${x}" cy="${y}" r="2.5" />`
    case 'primary':
      return html`<polygon class="solid" points="${star(x, y)}" />`
    case 'not-primary':
      return html`<polygon class="hollow" points="${star(x, y)}" />`
  }
}

/** A sign in its lane; `y` is the middle of the lane. Its words show under a mouse. */
export const mark = (kind: MarkKind, x: number, y: number, words: string): Html =>
  html`<g class="mark"><title>${words}</title>${shapeOf(kind, rounded(x), y + heights[kind])}</g>`

/** A sign by itself, for the key. */
export const markAlone = (kind: MarkKind): Html =>
  html`<svg class="sign" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true"><g class="mark">${shapeOf(kind, 10, 10)}</g></svg>`
