/** How the page of the API looks. Text has a contrast of at least 4.5 : 1, light and dark. Nothing scrolls sideways. */
export const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif;--line:#8886;--get:#046b4c;--post:#1d4fa8;--put:#7a4b00;--delete:#a11212}
@media(prefers-color-scheme:dark){:root{--get:#5ad1a5;--post:#8fb8ff;--put:#f0b95a;--delete:#ff9a94}}
html{background:Canvas;color:CanvasText}
body{max-width:60rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
nav ul{list-style:none;padding:0}
section{border-top:1px solid var(--line);padding:.5rem 0}
section:target{outline:2px solid;outline-offset:.25rem}
pre{white-space:pre-wrap;padding:.75rem;border:1px solid var(--line);border-radius:.25rem}
code,pre{font:.875rem/1.45 ui-monospace,monospace}
table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:bold}
th,td{padding:.25rem .75rem .25rem 0;text-align:left;vertical-align:top;font-weight:normal}th{width:30%}
small{font-size:.875rem;font-weight:normal;padding:0 .5rem;border:1px solid var(--line);border-radius:1rem}
summary{cursor:pointer}.get{color:var(--get)}.post{color:var(--post)}.put{color:var(--put)}.delete{color:var(--delete)}`;
