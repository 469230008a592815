/**
 * The mailbox as a page for people. The newest mails come first, each as text and as HTML. A mail cannot affect
 * anything outside its frame: scripts do not run, and nothing is loaded from other places.
 */
import { escaped } from "../../model/http/html.ts";
import { page, timeHtml } from "../server/page.ts";
import type { Mail } from "./ses.ts";

/** A longer page is slow to read. The JSON of the mailbox has all mails. */
const shownMax = 200;

const style = `
  article { border: 1px solid #8886; border-radius: 8px; margin: 1rem 0; overflow: hidden; }
  h2 { font-size: 1rem; margin: 0; padding: 0.6rem 1rem 0; }
  p.to { margin: 0; padding: 0 1rem 0.6rem; font-size: 0.875rem; }
  div.bodies { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); }
  pre { margin: 0; padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere; border-top: 1px solid #8886; }
  iframe { width: 100%; height: 12rem; border: 0; border-top: 1px solid #8886; background: #fff; color-scheme: light; resize: vertical; }
`;

const shown = ({ to, subject, text, html, sentAt }: Mail): string => `<article>
<h2>${escaped(subject)}</h2>
<p class="to">to ${escaped(to)}, ${timeHtml(sentAt)}</p>
<div class="bodies">
${text === undefined ? "" : `<pre>${escaped(text)}</pre>`}
${html === undefined ? "" : `<iframe sandbox title="HTML of ${escaped(subject)}" srcdoc="${escaped(html)}"></iframe>`}
</div>
</article>`;

const countOf = (all: number): string => {
  if (all === 0) return "No mail has been sent.";
  const count = all === 1 ? "1 mail" : `${all} mails`;
  return all > shownMax ? `${count}. This page shows the newest ${shownMax}.` : count;
};

/** `mails` are in the order in which they were sent. */
export const mailboxPage = (mails: readonly Mail[]): string =>
  page({
    title: "Mailbox",
    style,
    beside: `<span>${countOf(mails.length)}</span><a href="/_local/">Start</a>`,
    main: mails.slice(-shownMax).toReversed().map(shown).join("\n"),
  });
