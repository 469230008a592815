/**
 * The mailbox as a page for people: the newest mails first, each as text and as its reader would see it. A mail cannot
 * reach out of its frame: no script runs, and nothing is loaded from elsewhere.
 */
import { escaped } from "../../model/http/html.ts";
import type { Mail } from "./ses.ts";

/** A page of more is slow to read; all are in the mailbox's JSON. */
const shownMax = 200;

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  header { display: flex; align-items: baseline; gap: 1rem; }
  article { border: 1px solid #8886; border-radius: 8px; margin: 1rem 0; overflow: hidden; }
  h2 { font-size: 1rem; margin: 0; padding: 0.6rem 1rem 0; }
  p.to { margin: 0; padding: 0 1rem 0.6rem; font-size: 0.875rem; opacity: 0.75; }
  div.bodies { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); }
  pre { margin: 0; padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere; border-top: 1px solid #8886; }
  iframe { width: 100%; height: 12rem; border: 0; border-top: 1px solid #8886; background: #fff; color-scheme: light; resize: vertical; }
`;

/** 2026-01-31 12:00:00 UTC */
const legible = (at: string): string => at.replace("T", " ").replace(/\.\d+Z$/, " UTC");

const shown = ({ to, subject, text, html, sentAt }: Mail): string => `<article>
<h2>${escaped(subject)}</h2>
<p class="to">to ${escaped(to)}, <time datetime="${escaped(sentAt)}">${escaped(legible(sentAt))}</time></p>
<div class="bodies">
${text === undefined ? "" : `<pre>${escaped(text)}</pre>`}
${html === undefined ? "" : `<iframe sandbox title="HTML of ${escaped(subject)}" srcdoc="${escaped(html)}"></iframe>`}
</div>
</article>`;

const countOf = (all: number): string => {
  if (all === 0) return "No mail has been sent.";
  const count = all === 1 ? "1 mail" : `${all} mails`;
  return all > shownMax ? `${count}, the newest ${shownMax} of them here` : count;
};

/** What the page may load, and its frames: their own styles, and pictures that they contain. */
export const mailboxPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** `mails` are in the order in which they were sent. */
export const mailboxPage = (mails: readonly Mail[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Mailbox</title>
<style>${style}</style>
</head>
<body>
<header><h1>Mailbox</h1><span>${countOf(mails.length)}</span><a href="">Look again</a></header>
${mails.slice(-shownMax).toReversed().map(shown).join("\n")}
</body>
</html>
`;
