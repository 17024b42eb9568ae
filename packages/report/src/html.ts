// HTML and SVG that are escaped because they cannot be made otherwise: `html` escapes every text that is
// put into it, and refuses a template in which escaping would not be enough.

import { visible } from './visible.js'

const markup: unique symbol = Symbol('markup')

/** A piece of a page. Only the functions of this file make one; JSON from outside cannot be one. */
export interface Html {
  readonly [markup]: string
}

/** What stands in a template: text is escaped, pieces are taken as they are, null is nothing. */
export type Part = string | number | Html | null | ReadonlyArray<Part>

const make = (text: string): Html => ({ [markup]: text })

/** The text of a piece. */
export const textOf = (piece: Html): string => piece[markup]

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string =>
  visible(text).replace(/[&<>"']/g, (character) => entities[character] ?? character)

/** Where a part stands: among the text, or inside the quotes of an attribute. */
type Place = 'text' | 'attribute'

/** What runs or loads whatever is written into it, quotes or not. */
const runs = /^(on\w+|style|srcdoc)$/i
const loads = /^(href|xlink:href|src|srcset|action|formaction|data|poster)$/i

const bug = (why: string, template: TemplateStringsArray): Error =>
  new Error(`${why}: ${template.join('...')}`)

const attributeAt = /([\w:-]+)\s*=\s*"([^"]*)$/

const placeAfter = (before: string, template: TemplateStringsArray): Place => {
  if (before.lastIndexOf('<') <= before.lastIndexOf('>')) return 'text'
  const [, name = '', begun = ''] = attributeAt.exec(before) ?? []
  if (name === '') throw bug('a part of a tag that stands in no quotes', template)
  if (runs.test(name)) throw bug(`a part in ${name}, which runs`, template)
  if (loads.test(name) && !begun.startsWith('#'))
    throw bug(`a part in ${name} that is no place on the page`, template)
  return 'attribute'
}

const placesIn = (template: TemplateStringsArray): ReadonlyArray<Place> => {
  const whole = template.join('')
  if (/<\/?(script|style)/i.test(whole)) throw bug('a script or a style', template)
  if (whole.lastIndexOf('<') > whole.lastIndexOf('>')) throw bug('half a tag', template)
  return template
    .slice(0, -1)
    .map((_, i) => placeAfter(template.slice(0, i + 1).join(''), template))
}

const known = new WeakMap<TemplateStringsArray, ReadonlyArray<Place>>()

const rendered = (part: Part, place: Place, template: TemplateStringsArray): string => {
  if (part === null) return ''
  if (typeof part === 'string') return escaped(part)
  if (typeof part === 'number') return String(part)
  if (place === 'attribute') throw bug('a piece inside an attribute', template)
  return 'length' in part
    ? part.map((one) => rendered(one, place, template)).join('')
    : textOf(part)
}

/** A piece of HTML or SVG. A template in which a part could run or load anything is a bug, and throws. */
export const html = (template: TemplateStringsArray, ...parts: ReadonlyArray<Part>): Html => {
  const places = known.get(template) ?? placesIn(template)
  known.set(template, places)
  return make(
    template.reduce(
      (text, fixed, i) =>
        `${text}${rendered(parts[i - 1] ?? null, places[i - 1] ?? 'text', template)}${fixed}`,
    ),
  )
}

/** A style element. CSS is not escaped, so it must be ours. */
export const sheet = (css: string): Html => {
  if (css.includes('<')) throw new Error('a style sheet that could end its element')
  return make(`<style>${css}</style>`)
}

/** Pieces with something between them. */
export const joined = (parts: ReadonlyArray<Part>, between: Part): ReadonlyArray<Part> =>
  parts.flatMap((part, i) => (i === 0 ? [part] : [between, part]))
