// The style sheet of the page. One sans and one mono face of the reader's own system, a scale of five
// sizes, spaces in steps of 4 px, and as few colours as the picture needs.

import { axisHeight, headHeight, laneHeight } from '../picture/rows.js'
import { dark, declared, light } from './colours.js'
import { pictureStyle } from './picture-style.js'

const ground = `
:root{color-scheme:light dark;${declared(light)}}
@media (prefers-color-scheme:dark){:root{${declared(dark)}}}
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:16px}
body{margin:0 auto;max-width:1180px;padding:48px 32px 64px;background:var(--ground);color:var(--ink);
font:400 15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
code,.at,time,.number{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;
font-size:.875em;font-variant-numeric:tabular-nums}
code{overflow-wrap:anywhere}
a{color:var(--link);text-underline-offset:2px}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-999px;top:8px;padding:8px 12px;background:var(--ground);z-index:1}
.skip:focus{left:8px}
.unheard{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.quiet,.none,.detail{color:var(--quiet)}
.none{font-style:italic}
`

const head = `
header{margin-bottom:56px}
.eyebrow{margin:0 0 8px;font-size:13px;font-weight:600;letter-spacing:.06em;text-transform:uppercase;color:var(--quiet)}
h1{margin:0;font-size:40px;line-height:1.15;letter-spacing:-.02em;font-weight:650;overflow-wrap:anywhere}
.id{margin:8px 0 0;color:var(--quiet)}
.as-of{margin:4px 0 0;color:var(--quiet)}
.as-of strong{color:var(--ink);font-weight:600}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(136px,1fr));margin:32px 0 0;border-top:2px solid var(--ink)}
.figures div{padding:12px 16px 12px 0;border-bottom:1px solid var(--line)}
dt{font-size:13px;color:var(--quiet)}
dd{margin:0}
.figures dd{font-size:22px;line-height:1.3;font-weight:600;font-variant-numeric:tabular-nums}
nav ul{display:flex;flex-wrap:wrap;gap:4px 24px;margin:20px 0 0;padding:0;list-style:none}
`

/** The shares of the columns of each table, in hundredths. */
const shares = {
  lanes: [20, 15, 20, 20, 25],
  held: [16, 24, 60],
  settled: [22, 26, 26, 12, 14],
  events: [8, 19, 45, 13, 15],
}

const columns = Object.entries(shares)
  .flatMap(([table, all]) =>
    all.map((share, i) => `.${table} thead th:nth-child(${i + 1}){width:${share}%}`),
  )
  .join('\n')

const body = `
section{margin-top:56px}
section:first-child{margin-top:0}
h2{margin:0 0 16px;font-size:26px;line-height:1.25;letter-spacing:-.01em;font-weight:650}
h3{margin:32px 0 12px;font-size:18px;line-height:1.35;font-weight:600}
.note{max-width:68ch;margin:0;color:var(--quiet)}
/* Positioned, so that what only a screen reader is told does not widen the page. */
.scroll,.who{position:relative}
.scroll{overflow-x:auto}
/* Columns of fixed shares: no value, however long, takes the room of another. */
table{width:100%;table-layout:fixed;overflow-wrap:anywhere;border-collapse:collapse;text-align:left;font-size:14px;line-height:24px}
/* As wide as a finger or a pointer needs, without a gap in the text. */
.at{display:inline-block;margin:0 -5px;padding:0 5px;line-height:24px}
th,td{padding:8px 20px 8px 0;vertical-align:top;border-bottom:1px solid var(--line)}
td:last-child,th:last-child{padding-right:0}
thead th{font-size:13px;font-weight:600;color:var(--quiet);border-bottom-color:var(--other)}
tbody th{font-weight:500}
tbody th.number{color:var(--quiet)}
${columns}
.group th{padding-top:20px;font-size:13px;font-weight:600;color:var(--quiet)}
.group:first-child th{padding-top:12px}
.value{overflow-wrap:anywhere;font-weight:500}
time,.source{white-space:nowrap}
td>div{max-width:72ch}
.type{font-weight:600}
tr:target>*{background:var(--panel);box-shadow:inset 0 2px var(--link),inset 0 -2px var(--link)}
.chain{margin:0;padding:0;list-style:none}
.chain li+li{margin-top:4px}
.people{margin:0;padding:0;list-style:none}
.people li{margin-top:8px}
.who{display:inline-block;min-width:22px;padding:0 6px;border-radius:4px;font-size:13px;font-weight:650;line-height:20px;text-align:center}
.who.self{background:var(--self);color:var(--on-self)}
.who.part{background:var(--part);color:var(--on-part)}
.merge{padding:24px 0;border-top:1px solid var(--line)}
.merge:first-of-type{padding-top:0;border-top:0}
.merge:last-of-type{padding-bottom:0}
.merge tbody tr:last-child>*{border-bottom:0}
.merge h3{margin-top:0}
.state{margin-left:8px;font-size:14px;font-weight:500;color:var(--end)}
.facts{font-size:14px;display:grid;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));gap:12px 24px;margin:0 0 16px}
.facts dd{overflow-wrap:anywhere}
footer{margin-top:64px;padding-top:16px;border-top:1px solid var(--line);font-size:13px;color:var(--quiet)}
footer p{margin:0;max-width:72ch}
`

const narrow = `
@media (max-width:640px){
body{padding:24px 16px 40px}
h1{font-size:30px}
.life{grid-template-columns:120px minmax(0,1fr)}
.names .detail{display:none}
header{margin-bottom:40px}
section{margin-top:44px}
.figures{grid-template-columns:1fr 1fr}
table{min-width:900px}
.settled{min-width:640px}
}
`

const print = `
@page{size:A4 landscape;margin:12mm}
@media print{
:root{color-scheme:light;${declared(light)}}
body{max-width:none;padding:0;font-size:10pt}
nav,.skip{display:none}
.scroll{overflow:visible}
a{color:inherit;text-decoration:none}
tr,.merge h3,h2{break-inside:avoid}
h2,h3{break-after:avoid}
.bar,.who,.head,.hatch,.line{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
`

const heights = `
.names .corner{height:${axisHeight}px}
.names .head{height:${headHeight}px}
.names .name{height:${laneHeight}px}
`

export const style = ground + head + body + pictureStyle + heights + narrow + print

/** The width of a page of A4 across, between its margins, at 96 dots to the inch. */
const printed_px = 1030

/** A picture that is wider than a page is printed smaller, as a whole: paper cannot be moved sideways. */
export const printedAt = (width: number): string =>
  width <= printed_px
    ? ''
    : `@media print{.life{zoom:${Math.floor((1000 * printed_px) / width) / 1000}}}\n`
