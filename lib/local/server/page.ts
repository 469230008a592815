/** What the pages of the local cloud have in common: they work without a script and load nothing. */
import { escaped } from "../../model/http/html.ts";

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  html { background: Canvas; color: CanvasText; }
  body { max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
  header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 1rem; }
`;

type Page = {
  readonly title: string;
  /** Further styles. */
  readonly style: string;
  /** HTML beside the title. */
  readonly beside: string;
  /** HTML. */
  readonly main: string;
};

/** 2026-01-31 12:00:00 UTC */
const legible = (at: string): string => at.replace("T", " ").replace(/\.\d+Z$/, " UTC");

export const timeHtml = (at: string): string =>
  `<time datetime="${escaped(at)}">${escaped(legible(at))}</time>`;

/** What a page may load, and its frames: their own styles, and pictures that they contain. */
export const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export const page = ({ title, style: own, beside, main }: Page): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>${style}${own}</style>
</head>
<body>
<header><h1>${escaped(title)}</h1>${beside}<a href="">Reload</a></header>
<main>
${main}
</main>
</body>
</html>
`;
