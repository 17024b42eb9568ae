// The colours of the page by what they are for, in light and in dark. A test holds every pair of ink and
// ground that the page uses to the contrast of WCAG AA.

export type Colour =
  | 'ground'
  | 'panel'
  | 'ink'
  | 'quiet'
  | 'line'
  | 'link'
  | 'self'
  | 'on-self'
  | 'part'
  | 'on-part'
  | 'other'
  | 'end'

export type Palette = Readonly<Record<Colour, string>>

export const light: Palette = {
  ground: '#ffffff',
  panel: '#f4f5f7',
  ink: '#1a2129',
  quiet: '#57616d',
  line: '#d9dde2',
  link: '#17568a',
  self: '#1f6096',
  'on-self': '#ffffff',
  part: '#8a5a0b',
  'on-part': '#ffffff',
  other: '#6d7783',
  end: '#a8252b',
}

export const dark: Palette = {
  ground: '#14181d',
  panel: '#1d232a',
  ink: '#e7ebef',
  quiet: '#a5afba',
  line: '#353e48',
  link: '#8cc1ee',
  self: '#77b3e3',
  'on-self': '#0b1c2b',
  part: '#dfb263',
  'on-part': '#241a06',
  other: '#8d98a4',
  end: '#ff9b95',
}

/** A palette as custom properties. */
export const declared = (palette: Palette): string =>
  Object.entries(palette)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';')
