// Bar charts as SVG that stand by themselves: readable on light and on dark, with the figures in words.

interface Bar {
  /** Bars of one kind have one colour. */
  readonly kind: string
  readonly value: number
  /** What stands beside the bar. */
  readonly shown: string
}
export interface Group {
  readonly label: string
  readonly bars: ReadonlyArray<Bar>
}
export interface Plot {
  readonly title: string
  /** How wide the labels of the groups are. */
  readonly left: number
  readonly groups: ReadonlyArray<Group>
  /** A line to compare with, where all bars are of one unit. */
  readonly mark: { readonly value: number; readonly label: string } | null
}

const [across, right] = [400, 230]
const [bar, gap, groupGap, top] = [18, 4, 20, 52]

const colours = ['#2f6fde', '#c0581f', '#2a8a57', '#8c4fb8', '#7a7a7a']

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const text = (x: number, y: number, kind: string, said: string): string =>
  `<text x="${x}" y="${y}" class="${kind}">${escaped(said)}</text>`

const kindsOf = (groups: ReadonlyArray<Group>): ReadonlyArray<string> => [
  ...new Set(groups.flatMap(({ bars }) => bars.map(({ kind }) => kind))),
]

export const plotOf = ({ title, left, groups, mark }: Plot): string => {
  const kinds = kindsOf(groups)
  const width = left + across + right
  const values = groups.flatMap(({ bars }) => bars.map(({ value }) => value))
  const most = Math.max(mark?.value ?? 0, ...values) || 1
  const long = (value: number): number => (value / most) * across
  const parts: string[] = []
  let y = top
  for (const { label, bars } of groups) {
    parts.push(text(left - 12, y + bar * 0.75, 'group', label))
    for (const one of bars) {
      const colour = colours[kinds.indexOf(one.kind) % colours.length] ?? ''
      const wide = Math.max(1, long(one.value)).toFixed(1)
      parts.push(
        `<rect x="${left}" y="${y}" width="${wide}" height="${bar}" rx="2" fill="${colour}"><title>${escaped(`${label}: ${one.shown}`)}</title></rect>`,
        text(left + Number(wide) + 8, y + bar * 0.75, 'value', one.shown),
      )
      y += bar + gap
    }
    y += groupGap
  }
  if (mark !== null) {
    const x = (left + long(mark.value)).toFixed(1)
    parts.push(
      `<line x1="${x}" y1="${top - 8}" x2="${x}" y2="${y - groupGap + 4}" class="mark"/>`,
      text(Number(x) + 4, top - 12, 'value', mark.label),
    )
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" role="img" aria-labelledby="title">
<title id="title">${escaped(title)}</title>
<style>
text { font: 13px system-ui, sans-serif; fill: #1c1c1c }
.title { font-weight: 600; font-size: 15px }
.group { text-anchor: end }
.mark { stroke: #1c1c1c; stroke-dasharray: 4 3 }
.ground { fill: #ffffff }
@media (prefers-color-scheme: dark) {
  text { fill: #e6e6e6 }
  .mark { stroke: #e6e6e6 }
  .ground { fill: #161616 }
}
</style>
<rect width="${width}" height="${y}" class="ground"/>
${text(12, 24, 'title', title)}
${parts.join('\n')}
</svg>
`
}
