/**
 * The pages under `/_local/…`, on the port for clients: what runs here, the clock, the calls, the mailbox, the traces and
 * the token issuer. To add a page, add a row: method, path (a name in braces is a variable), and the answer.
 */
import type { IncomingMessage } from "node:http";
import { resourceTypes } from "../cloudformation/resource-types.ts";
import type { Reply } from "../http-api/reply.ts";
import type { Access } from "../iam/access.ts";
import { type Issuer, issuerPaths } from "../issuer/issuer.ts";
import type { Calls } from "../service/calls.ts";
import { readBody } from "../service/http-body.ts";
import type { Cloud } from "../service/service.ts";
import { mailboxPage } from "../ses/mailbox-page.ts";
import type { Mail } from "../ses/ses.ts";
import { fileReply } from "./host-file.ts";
import type { HostFile, HostPages } from "./host-pages.ts";
import { pagePolicy } from "./page.ts";
import type { Requests } from "./requests.ts";
import { startPage } from "./start-page.ts";
import type { Trace } from "./trace.ts";

export type AdminOptions = {
  readonly cloud: Cloud;
  readonly access: Access;
  readonly calls: Calls;
  readonly trace: Trace;
  readonly outputs: Readonly<Record<string, string>>;
  readonly endpoint: string;
  readonly advance: (seconds: number) => Promise<void>;
  readonly requests: Requests;
  readonly pages?: HostPages | undefined;
  /** Undefined if this instance issues no tokens. */
  readonly issuer?: Issuer | undefined;
};

type Page = {
  readonly method: string;
  readonly path: string;
  /** Returns a JSON value, or undefined for 204. `variable` is decoded. */
  readonly answer: (given: { readonly body: unknown; readonly variable: string }) => unknown;
  /** Its answer is HTML and not JSON. */
  readonly isHtml?: true;
  /** It answers this file. */
  readonly file?: HostFile;
};

/** An error that the client has made. */
class BadRequest extends Error {}

const bytesMax = 64 * 1024;

/** What they show changes at any time. */
const noStore = { "cache-control": "no-store" };

const reply = (status: number, value: unknown): Reply => ({
  status,
  headers: { "content-type": "application/json", ...noStore },
  body: value === undefined ? "" : JSON.stringify(value),
});

const html = (text: unknown): Reply => ({
  status: 200,
  headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": pagePolicy, ...noStore },
  body: `${text}`,
});

const stateOf = (type: string): string => (resourceTypes[type] ? "known, not run" : "not run");

const secondsIn = (body: unknown): number => {
  const given = typeof body === "object" && body !== null && "advanceSeconds" in body && body.advanceSeconds;
  if (typeof given === "number" && given > 0 && given <= 1e9) return given;
  throw new BadRequest(`expected {"advanceSeconds": a number above 0}, got ${JSON.stringify(body)}`);
};

const get = (path: string, answer: Page["answer"]): Page => ({ method: "GET", path, answer });

const issuerPages = ({ issue, discovery, keySet }: Issuer): readonly Page[] => [
  {
    method: "POST",
    path: issuerPaths.tokens,
    answer: async ({ body }) => {
      const issued = await issue(body);
      if (issued.kind === "refused") throw new BadRequest(issued.because);
      return issued.answer;
    },
  },
  get(issuerPaths.discovery, discovery),
  get(issuerPaths.keys, keySet),
];

const pagesOf = (options: AdminOptions): Page[] => {
  const { cloud, access, calls, trace, outputs, endpoint, advance, requests, pages, issuer } = options;
  const clock = () => ({
    now: new Date(cloud.clock.now()).toISOString(),
    aheadSeconds: cloud.clock.ahead() / 1000,
  });
  const mails = () =>
    [...cloud.journal.map<Mail>("mails").entries()]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, mail]) => mail);
  const show = (path: string, answer: Page["answer"]): Page => ({ ...get(path, answer), isHtml: true });
  return [
    show("/_local/", () => startPage({ cloud, about: pages?.about, requests: requests.list() })),
    ...(pages?.files ?? []).map((file): Page => ({ ...get(file.path, () => undefined), file })),
    get("/_local/resources", () => ({
      endpoint,
      outputs,
      resources: cloud.resources.map(({ id: logicalId, type, name, arn, notRun: reason }) => ({
        logicalId,
        type,
        name,
        arn,
        ...(reason === undefined ? { state: "running" } : { state: stateOf(type), reason }),
      })),
    })),
    get("/_local/clock", clock),
    {
      method: "POST",
      path: "/_local/clock",
      answer: async ({ body }) => {
        await advance(secondsIn(body));
        return clock();
      },
    },
    get("/_local/calls", () => ({ calls: calls.list() })),
    { method: "DELETE", path: "/_local/calls", answer: () => calls.reset() },
    get("/_local/permissions", () => access.permissions()),
    get("/_local/mailbox", () => ({ messages: mails() })),
    show("/_local/mailbox.html", () => mailboxPage(mails())),
    get("/_local/requests", () => ({ requests: requests.list() })),
    get("/_local/trace/{correlationId}", ({ variable: correlationId }) => ({
      correlationId,
      entries: trace.of(correlationId),
    })),
    ...(issuer ? issuerPages(issuer) : []),
  ];
};

const variableIn = ({ path }: Page, given: string): string | undefined => {
  const [prefix = "", variable] = path.split("{");
  if (variable === undefined) return path === given ? "" : undefined;
  const value = given.startsWith(prefix) ? given.slice(prefix.length) : "";
  return value === "" || value.includes("/") ? undefined : decodeURIComponent(value);
};

const jsonIn = (body: Buffer | undefined): unknown => {
  if (!body) throw new BadRequest(`expected a body of at most ${bytesMax} bytes`);
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (fault) {
    throw new BadRequest(`the body is not JSON: ${fault instanceof Error ? fault.message : fault}`);
  }
};

export const isForAdmin = ({ url = "" }: IncomingMessage): boolean => /^\/_local(\/|\?|$)/.test(url);

/** HEAD is answered as GET, without the body. */
const methodOf = ({ method }: IncomingMessage): string | undefined => (method === "HEAD" ? "GET" : method);

const pathOf = ({ url = "" }: IncomingMessage): string => {
  const [path = ""] = url.split("?");
  return path === "/_local" ? "/_local/" : path;
};

export const admin = (options: AdminOptions) => {
  const pages = pagesOf(options);

  return async (incoming: IncomingMessage): Promise<Reply> => {
    const path = pathOf(incoming);
    const body = await readBody(incoming, bytesMax);
    try {
      const found = pages.filter((page) => variableIn(page, path) !== undefined);
      const page = found.find(({ method }) => method === methodOf(incoming));
      if (page) {
        if (page.file) return fileReply(incoming, page.file);
        const answer = await page.answer({ body: jsonIn(body), variable: variableIn(page, path) ?? "" });
        return page.isHtml ? html(answer) : reply(answer === undefined ? 204 : 200, answer);
      }
      const methods = found.map(({ method }) => method).join(", ");
      if (found.length > 0) return reply(405, { message: `${path} accepts only ${methods}` });
      const paths = [...new Set(pages.map((each) => each.path))].join(", ");
      return reply(404, { message: `there is no page ${path}, only ${paths}` });
    } catch (fault) {
      if (fault instanceof BadRequest || fault instanceof URIError)
        return reply(400, { message: fault.message });
      throw fault;
    }
  };
};
