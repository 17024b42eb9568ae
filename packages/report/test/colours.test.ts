// Every pair of ink and ground that the page uses has the contrast of WCAG 2.2 AA, in light and in dark:
// 4.5 for text, 3 for what of the picture must be made out.

import { describe, expect, it } from 'vitest'
import { type Colour, dark, light, type Palette } from '../src/page/colours.js'

/** Relative luminance, as WCAG defines it. */
const luminance = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

const contrast = (a: string, b: string): number => {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high + 0.05) / (low + 0.05)
}

const texts: ReadonlyArray<readonly [ink: Colour, ground: Colour]> = [
  ['ink', 'ground'],
  ['ink', 'panel'],
  ['quiet', 'ground'],
  ['quiet', 'panel'],
  ['link', 'ground'],
  ['link', 'panel'],
  ['end', 'ground'],
  ['on-self', 'self'],
  ['on-part', 'part'],
]

const shapes: ReadonlyArray<readonly [ink: Colour, ground: Colour]> = [
  ['self', 'ground'],
  ['part', 'ground'],
  ['other', 'ground'],
  ['end', 'ground'],
]

describe.each<[string, Palette]>([
  ['light', light],
  ['dark', dark],
])('the %s palette', (_, palette) => {
  it.each(texts)('has 4.5 to 1 for text in %s on %s', (ink, ground) => {
    expect(contrast(palette[ink], palette[ground])).toBeGreaterThanOrEqual(4.5)
  })

  it.each(shapes)('has 3 to 1 for shapes in %s on %s', (ink, ground) => {
    expect(contrast(palette[ink], palette[ground])).toBeGreaterThanOrEqual(3)
  })
})
