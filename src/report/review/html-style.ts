// How a review looks: light and dark by the reader's choice, narrow and wide, and on paper with nothing hidden.

/** @param footer Stands at the foot of each printed page; letters, digits and blanks only. */
export const styleSheet = (footer: string): string => `
:root { color-scheme: light dark; --page:#fff; --text:#1b1f24; --quiet:#5b6470; --line:#d5dae1; --soft:#f4f6f8; --link:#0b57a4;
  --good:#1a7337; --good-soft:#e6f4ea; --notice:#8a5a00; --notice-soft:#fdf3dc; --danger:#b3261e; --danger-soft:#fcebea; }
@media (prefers-color-scheme: dark) { :root { --page:#14171b; --text:#e3e7ec; --quiet:#9aa4b0; --line:#343b44; --soft:#1d2229; --link:#7ab8f5;
  --good:#6fd08c; --good-soft:#16301f; --notice:#f0c060; --notice-soft:#33290f; --danger:#ff8f87; --danger-soft:#3a1a18; } }
* { box-sizing: border-box }
html { scroll-padding-top: 1rem }
body { margin:0; background:var(--page); color:var(--text); font:15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif }
code, pre { font-family: ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size:.87em }
code { overflow-wrap:anywhere } pre code { font-size:inherit }
a { color:var(--link) } a code { color:inherit }
:focus-visible { outline:3px solid var(--link); outline-offset:2px }
.skip { position:absolute; left:-100vw } .skip:focus { left:1rem; top:1rem; background:var(--page); padding:.5rem 1rem; z-index:1 }
.page { max-width:78rem; margin:0 auto; padding:1.5rem 1.25rem 4rem }
header { border-bottom:2px solid var(--text); margin-bottom:1rem } h1 { font-size:1.7rem; margin:0 } .lead { color:var(--quiet); margin:.2rem 0 .8rem }
h2 { font-size:1.3rem; margin:2.4rem 0 .7rem; padding-bottom:.2rem; border-bottom:1px solid var(--line) }
h3 { font-size:1.08rem; margin:1.6rem 0 .5rem } summary h3, summary h4, summary h5 { display:inline; margin:0 } h4, h5 { font-size:1rem; margin:1rem 0 .4rem }
p { margin:.6rem 0; max-width:52rem } ul { margin:.5rem 0; padding-left:1.3rem } li { margin:.15rem 0; overflow-wrap:anywhere }
nav ol { list-style:none; margin:0; padding:0 } nav a { display:block; padding:.16rem .5rem; border-radius:4px; text-decoration:none } nav a:hover { background:var(--soft) }
.tools { display:flex; gap:.5rem; margin:.8rem 0 } button { font:inherit; font-size:.87em; color:inherit; background:var(--soft); border:1px solid var(--line); border-radius:5px; padding:.2rem .7rem; cursor:pointer }
dl { display:grid; grid-template-columns:minmax(6rem,max-content) 1fr; gap:.15rem 1rem; margin:.6rem 0 } dt { color:var(--quiet) } dd { margin:0; overflow-wrap:anywhere }
.counts { display:flex; flex-wrap:wrap; gap:.6rem; list-style:none; padding:0; margin:.8rem 0 } .counts li { border:1px solid var(--line); border-left:4px solid var(--quiet); border-radius:5px; padding:.35rem .9rem; margin:0 }
.counts b { display:block; font-size:1.5rem; line-height:1.2 } .counts .good { border-left-color:var(--good) } .counts .notice { border-left-color:var(--notice) } .counts .danger { border-left-color:var(--danger) } .counts .danger b { color:var(--danger) }
.call { border:1px solid var(--line); border-left:4px solid var(--quiet); border-radius:5px; padding:.4rem .9rem .4rem 1.9rem; margin:.8rem 0 } .call.danger { border-left-color:var(--danger); background:var(--danger-soft) } .call.notice { border-left-color:var(--notice); background:var(--notice-soft) }
.scroll { overflow-x:auto; margin:.6rem 0 } table { border-collapse:collapse; font-size:.93em } th, td { text-align:left; vertical-align:top; padding:.25rem .7rem; border-bottom:1px solid var(--line) } th { color:var(--quiet); font-weight:600; border-bottom:2px solid var(--line) } .right { text-align:right; white-space:nowrap; font-variant-numeric:tabular-nums }
td { overflow-wrap:break-word } td code { overflow-wrap:normal }
pre { background:var(--soft); border:1px solid var(--line); border-radius:5px; padding:.6rem .8rem; margin:.5rem 0; white-space:pre-wrap; overflow-wrap:anywhere; tab-size:4 }
.diff span { display:block; min-height:1.5em; padding-left:.4rem; border-left:3px solid transparent } .diff .come { background:var(--good-soft); border-left-color:var(--good) } .diff .go { background:var(--danger-soft); border-left-color:var(--danger) } .diff .at { color:var(--quiet) }
details { border:1px solid var(--line); border-radius:6px; margin:.6rem 0; padding:0 .9rem } details[open] { padding-bottom:.5rem } summary { cursor:pointer; padding:.45rem 0 }
.no-return { display:flex; align-items:center; gap:.8rem; color:var(--danger); font-weight:600; margin:.8rem 0 } .no-return::before, .no-return::after { content:""; flex:1; border-top:3px double var(--danger) }
@media (min-width:70rem) { .page { display:grid; grid-template-columns:13.5rem minmax(0,1fr); column-gap:2.5rem } header { grid-column:1/-1 } nav { position:sticky; top:1rem; align-self:start; max-height:calc(100vh - 2rem); overflow:auto; font-size:.93em } main > section:first-child h2 { margin-top:.5rem } }
@media (max-width:40rem) { .page { padding:1rem .8rem 3rem } dl { display:block } dd { margin:0 0 .35rem } details { padding:0 .6rem } }
@media print {
  :root { color-scheme:light; --page:#fff; --text:#000; --quiet:#444; --line:#bbb; --soft:#f6f6f6; --link:#000; --good:#1a7337; --good-soft:#e6f4ea; --notice:#8a5a00; --notice-soft:#fdf3dc; --danger:#b3261e; --danger-soft:#fcebea }
  @page { margin:16mm 14mm; @bottom-left { content:"${footer}"; font:8pt sans-serif } @bottom-right { content:counter(page) " / " counter(pages); font:8pt sans-serif } }
  body { font-size:9.5pt; print-color-adjust:exact; -webkit-print-color-adjust:exact } .page { display:block; max-width:none; padding:0 } .tools, .skip { display:none } nav { position:static; max-height:none; overflow:visible; columns:2 }
  details { border:0; border-left:2px solid var(--line); border-radius:0 } details::details-content { content-visibility:visible; display:block; block-size:auto } summary { list-style:none } summary::-webkit-details-marker { display:none }
  h2, h3, h4, h5, summary { break-after:avoid } tr, li, .call, .no-return, .counts { break-inside:avoid } thead { display:table-header-group } .scroll { overflow:visible } table { width:100% } th, td { padding:.2rem .45rem } td code { overflow-wrap:anywhere } td:first-child code { overflow-wrap:break-word } a { text-decoration:none }
}
`
