// The style of the picture: bars, lines and signs, told apart by their form first and by colour second.

export const pictureStyle = `
figure{margin:0}
.life{display:grid;grid-template-columns:256px minmax(0,1fr);border-bottom:1px solid var(--line)}
.names{border-right:1px solid var(--other);font-size:14px;line-height:20px}
.names .corner{padding:17px 8px 0;font-size:12px;color:var(--quiet)}
.names .head{padding:10px 8px 0;background:linear-gradient(var(--panel),var(--panel)) 0 8px/100% 24px no-repeat;font-size:13px;font-weight:600;line-height:20px;color:var(--quiet)}
.names .name{display:flex;align-items:center;gap:8px;padding:0 10px 0 8px;overflow:hidden;white-space:nowrap}
.names .label{overflow:hidden;text-overflow:ellipsis}
.names code.label{overflow-wrap:normal;font-size:12px}
.names .detail{flex:none;margin-left:auto;font-size:12px}
.names .who{flex:none}
.plot{display:block}
.plot text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:var(--ink)}
.plot .day{font-weight:600}
.plot .quiet,.plot .pause{fill:var(--quiet)}
.plot .pause{font-size:11px}
.axis .base{stroke:var(--other);fill:none}
.axis .tick{stroke:var(--other)}
.axis .grid{stroke:var(--line);stroke-dasharray:2 3}
.plot .head{fill:var(--panel)}
.plot .rule{stroke:var(--line)}
.line{fill:none;stroke-width:6;stroke:var(--other)}
.line.self{stroke:var(--self)}
.line.part{stroke:var(--part)}
.line.absorbed{stroke:var(--part);stroke-width:2;stroke-dasharray:2 5}
.line.elsewhere{stroke-width:3;stroke-dasharray:9 4}
.bar.self{fill:var(--self)}
.bar.part{fill:var(--part)}
.bar.elsewhere{fill:url(#elsewhere);stroke:var(--other)}
.hatch-ground{fill:var(--ground)}
.hatch{fill:var(--other)}
text.letter,.plot text.letter{font:650 12px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
text.letter.self,.plot text.letter.self{fill:var(--on-self)}
text.letter.part,.plot text.letter.part{fill:var(--on-part)}
.mark .hollow{fill:var(--ground);stroke:var(--ink);stroke-width:2}
.mark .solid{fill:var(--ink);stroke:var(--ground);stroke-width:1.5;paint-order:stroke}
.mark .dot{fill:var(--ink)}
.mark .cross{fill:none;stroke:var(--end);stroke-width:2.5;stroke-linecap:round}
.join .way{fill:none;stroke:var(--ink);stroke-width:2}
.join .head{fill:var(--ink);stroke:var(--ground);stroke-width:1.5;paint-order:stroke}
.join .foot{fill:var(--ink)}
.join.unmerged .way{stroke-dasharray:4 3}
.join.unmerged .head,.join.unmerged .foot{fill:var(--ground);stroke:var(--ink);stroke-width:2}
figcaption{margin-top:16px;color:var(--quiet);font-size:14px}
figcaption p{max-width:72ch;margin:0 0 12px}
.key{display:flex;flex-wrap:wrap;gap:6px 24px;margin:0;padding:0;list-style:none;color:var(--ink)}
.key li{display:flex;align-items:center;gap:8px}
.sign{flex:none;display:block}
details{margin-top:24px}
summary{width:fit-content;padding:4px 0;font-weight:600;color:var(--link);cursor:pointer}
details .scroll{margin-top:8px}
`
