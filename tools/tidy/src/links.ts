// Links between our documents lead somewhere: to a file of the repository, and to a heading in it.
import { posix } from 'node:path'
import type { Finding } from './finding.js'
import { lineOf } from './syntax.js'

export type Library = {
  /** A file or a folder of the repository. */
  readonly exists: (path: string) => boolean
  readonly readText: (path: string) => string
}

type Link = { readonly target: string; readonly offset: number }

const blank = (text: string): string => text.replace(/[^\n]/g, ' ')

const fencesBlanked = (text: string): string =>
  text.replace(/^( *)(`{3,}|~{3,})[^\n]*\n[\s\S]*?(^ *\2[`~]* *$|$(?![\s\S]))/gm, blank)

/** The text with its code and comments blanked out, so that offsets stay and examples are not links. */
const withoutCode = (text: string): string =>
  fencesBlanked(text)
    .replace(/<!--[\s\S]*?-->/g, blank)
    .replace(/(`+)(?!`)[^\n]*?[^`\n]\1(?!`)/g, blank)

export const linksIn = (text: string): ReadonlyArray<Link> => {
  const prose = withoutCode(text)
  const patterns = [
    /\]\(\s*(?:<([^>\n]*)>|((?:[^()\s]|\([^()\s]*\))+))(?:\s+["'][^"'\n]*["'])?\s*\)/g,
    /^ {0,3}\[[^\]\n]+\]:\s+(?:<([^>\n]*)>|(\S+))/gm,
    /<(?:a|img)\b[^>]*?\b(?:href|src)=["']([^"']*)["']/g,
  ]
  return patterns.flatMap((pattern) =>
    [...prose.matchAll(pattern)].map((match) => ({
      target: match[1] ?? match[2] ?? '',
      offset: match.index,
    })),
  )
}

/** A heading's anchor as forges make it: lower case, hyphens for spaces, no punctuation. */
const anchorOf = (heading: string): string =>
  heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<[^>]*>/g, '')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
    .replace(/ /g, '-')

export const anchorsIn = (text: string): ReadonlySet<string> => {
  const anchors = new Set<string>()
  for (const match of fencesBlanked(text).matchAll(/^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$/gm)) {
    const anchor = anchorOf(match[1] ?? '')
    let unique = anchor
    for (let count = 1; anchors.has(unique); count += 1) unique = `${anchor}-${count}`
    anchors.add(unique)
  }
  for (const match of text.matchAll(/<a\b[^>]*?\b(?:id|name)=["']([^"']+)["']/g)) {
    anchors.add(match[1] ?? '')
  }
  return anchors
}

const decoded = (part: string): string | undefined => {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

const faultOf = (file: string, target: string, library: Library): string | undefined => {
  if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(target)) return undefined
  const hash = target.indexOf('#')
  const path = decoded(hash < 0 ? target : target.slice(0, hash))
  const anchor = decoded(hash < 0 ? '' : target.slice(hash + 1))
  if (path === undefined || anchor === undefined) return `${target} is not a valid link`
  const absolute = path.startsWith('/')
  const to = path === '' ? file : posix.join(absolute ? '.' : posix.dirname(file), path)
  if (to === '..' || to.startsWith('../')) return `${target} leads out of the repository`
  const place = to.replace(/\/$/, '') || '.'
  if (!library.exists(place)) return `${target} leads nowhere`
  if (anchor === '') return undefined
  if (place.endsWith('.md')) {
    return anchorsIn(library.readText(place)).has(anchor)
      ? undefined
      : `${target} names a heading that is not there`
  }
  const lines = /^L(\d+)(?:-L(\d+))?$/.exec(anchor)
  const last = Number(lines?.[2] ?? lines?.[1])
  return lines !== null && last <= library.readText(place).split('\n').length
    ? undefined
    : `${target} names a line that is not there`
}

/** What is wrong with the relative links of one document. */
export const brokenLinks = (file: string, library: Library): ReadonlyArray<Finding> => {
  const text = library.readText(file)
  return linksIn(text).flatMap(({ target, offset }) => {
    const message = faultOf(file, target, library)
    return message === undefined
      ? []
      : [{ file, line: lineOf(text, offset), rule: 'links', message }]
  })
}
