/** The start page: what runs here, where to look, what was asked last, and what needs attention. */
import { escaped } from "../../model/http/html.ts";
import type { Cloud } from "../service/service.ts";
import type { About } from "./host-pages.ts";
import { page, timeHtml } from "./page.ts";
import type { HandledRequest } from "./requests.ts";

type Given = {
  readonly cloud: Pick<Cloud, "resources" | "invoke">;
  readonly about?: About | undefined;
  readonly requests: readonly HandledRequest[];
};

type Links = About["links"];

/** To show another page of the local cloud, add a row. */
const ownLinks: Links = [
  { path: "/_local/mailbox.html", about: "The e-mails that were sent" },
  { path: "/_local/resources", about: "The resources of the template, and whether they run" },
  { path: "/_local/calls", about: "The calls of each function, with their capacity units" },
  { path: "/_local/permissions", about: "The permissions of each role, and those that were used" },
  { path: "/_local/clock", about: "The clock, and how far it was moved" },
];

const style = `
  table { border-collapse: collapse; width: 100%; }
  th, td { padding: 0.25rem 1rem 0.25rem 0; text-align: left; vertical-align: top; }
  thead th { overflow-wrap: normal; }
  tbody th { font-weight: normal; }
  code { font: 0.875rem/1.45 ui-monospace, monospace; }
  dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: 0 1rem; }
  dd { margin: 0; }
  ul { padding-left: 1.25rem; }
  li p { margin: 0 0 0.5rem; }
`;

const code = (text: string): string => `<code>${escaped(text)}</code>`;

const section = (title: string, content: string): string =>
  `<section aria-label="${title}"><h2>${title}</h2>\n${content}\n</section>`;

type Fact = { readonly name: string; readonly value: string };

/** How many resources run, and of which types the others are, with the reason. */
const resourceFacts = ({ resources }: Given["cloud"]): readonly Fact[] => {
  const counts = new Map<string, number>();
  const not = resources.filter((resource) => resource.notRun !== undefined);
  for (const { type, notRun } of not) {
    const why = `of type ${type}: ${notRun}`;
    counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  return [
    { name: "Resources that run", value: `${resources.length - not.length}` },
    ...[...counts].map(([why, count]) => ({
      name: "Resources that do not run here",
      value: `${count} ${why}`,
    })),
  ];
};

const factsHtml = ({ cloud, about }: Given): string => {
  const facts = [...(about?.facts ?? []), ...resourceFacts(cloud)];
  return `<dl>${facts.map(({ name, value }) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join("")}</dl>`;
};

const linksHtml = (links: Links): string =>
  `<ul>${links
    .map(({ path, about }) => `<li><a href="${escaped(path)}">${escaped(path)}</a> ${escaped(about)}</li>`)
    .join("\n")}</ul>`;

const traceHtml = (correlationId: string | undefined): string =>
  correlationId === undefined
    ? ""
    : `<a href="/_local/trace/${escaped(encodeURIComponent(correlationId))}">${escaped(correlationId)}</a>`;

const requestRow = ({ at, method, path, status, correlationId }: HandledRequest): string =>
  `<tr><th scope="row">${code(`${method} ${path}`)}</th><td>${status}</td><td>${timeHtml(at)}</td><td>${traceHtml(correlationId)}</td></tr>`;

const requestsHtml = (requests: readonly HandledRequest[]): string =>
  requests.length === 0
    ? "<p>No request since the start.</p>"
    : `<table><thead><tr><th scope="col">Request</th><th scope="col">Status</th><th scope="col">Time</th><th scope="col">Trace</th></tr></thead>
<tbody>${requests.map(requestRow).join("\n")}</tbody></table>`;

/** The page helps most when something is broken, so it is shown even if its concerns cannot be read. */
const concernsOf = async ({ cloud, about }: Given): Promise<Awaited<ReturnType<About["concerns"]>>> => {
  try {
    return (await about?.concerns(cloud)) ?? [];
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : `${fault}`;
    return [{ what: "What needs attention cannot be read", why, help: "see the log" }];
  }
};

const concernsHtml = async (given: Given): Promise<string> => {
  const concerns = await concernsOf(given);
  if (concerns.length === 0) return "<p>Nothing.</p>";
  const items = concerns.map(
    ({ what, why, help }) =>
      `<li><p><strong>${escaped(what)}</strong><br>${escaped(why)}<br>${code(help)}</p></li>`,
  );
  return `<ul>${items.join("\n")}</ul>`;
};

export const startPage = async (given: Given): Promise<string> =>
  page({
    title: given.about?.title ?? "Local cloud",
    style,
    beside: "",
    main: [
      section("Needs attention", await concernsHtml(given)),
      section("What runs", factsHtml(given)),
      section("Where to look", linksHtml([...(given.about?.links ?? []), ...ownLinks])),
      section("Last requests", requestsHtml(given.requests)),
    ].join("\n"),
  });
