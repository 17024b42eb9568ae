// A page as a parser reads it, which is what a browser makes of it.

import { type DefaultTreeAdapterTypes, parse } from 'parse5'

type Node = DefaultTreeAdapterTypes.Node
export type Element = DefaultTreeAdapterTypes.Element

const childrenOf = (node: Node): ReadonlyArray<Node> =>
  'childNodes' in node ? node.childNodes : []

const elementsIn = (node: Node): ReadonlyArray<Element> =>
  childrenOf(node).flatMap((child) => [
    ...('tagName' in child ? [child] : []),
    ...elementsIn(child),
  ])

/** The text of an element, white space as a reader sees it. */
export const textIn = (node: Node): string =>
  'value' in node ? node.value : childrenOf(node).map(textIn).join('').replace(/\s+/g, ' ')

export interface Page {
  /** Elements by the names of tags, each inside the one before; `*` is any. */
  readonly all: (path: string, within?: Element) => ReadonlyArray<Element>
  readonly one: (path: string, within?: Element) => Element
  readonly attribute: (element: Element, name: string) => string | undefined
  readonly byId: (id: string) => Element | undefined
}

export const openPage = (html: string): Page => {
  const document = parse(html)
  const everything = elementsIn(document)
  const all: Page['all'] = (path, within) =>
    path.split(' ').reduce<ReadonlyArray<Element>>(
      (found, name, i) => {
        const inside = i === 0 ? found : [...new Set(found.flatMap(elementsIn))]
        return inside.filter(({ tagName }) => name === '*' || tagName === name)
      },
      within === undefined ? everything : elementsIn(within),
    )
  const attribute: Page['attribute'] = ({ attrs }, name) =>
    attrs.find((one) => one.name === name)?.value
  return {
    all,
    one: (path, within) => {
      const [found, ...more] = all(path, within)
      if (found === undefined || more.length > 0)
        throw new Error(`${path} is there ${more.length + (found === undefined ? 0 : 1)} times`)
      return found
    },
    attribute,
    byId: (id) => everything.find((one) => attribute(one, 'id') === id),
  }
}
