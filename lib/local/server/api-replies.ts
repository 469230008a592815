/** Returns of the HTTP API: each is remembered for the start page, and the host may show another page instead. */
import type { AnswerRequest } from "../http-api/http-api.ts";
import type { Reply } from "../http-api/reply.ts";
import type { Clock } from "../machine/clock.ts";
import type { HostPages, Html } from "./host-pages.ts";
import type { Requests } from "./requests.ts";

const textOf = ({ headers }: Reply, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === "string" ? value : undefined;
};

const isPage = (reply: Reply): boolean =>
  reply.status === 200 && textOf(reply, "content-type")?.startsWith("text/html") === true;

/** The headers that describe the content are those of the page. The API's entity tag names another page. */
const withPage = ({ status, headers }: Reply, { text, policy }: Html): Reply => {
  const { etag: _, "content-length": __, ...others } = headers;
  const own = { "content-security-policy": policy, "cache-control": "no-store" };
  return { status, headers: { ...others, ...own }, body: text };
};

type Options = {
  readonly requests: Requests;
  readonly clock: Pick<Clock, "now">;
  readonly insteadOf?: HostPages["insteadOf"] | undefined;
};

export const apiReplies =
  (api: AnswerRequest, { requests, clock, insteadOf = {} }: Options): AnswerRequest =>
  async (incoming) => {
    const { method = "", url = "" } = incoming;
    const at = new Date(clock.now()).toISOString();
    const reply = await api(incoming);
    const correlationId = textOf(reply, "x-correlation-id");
    requests.add({
      at,
      method,
      path: url,
      status: reply.status,
      ...(correlationId !== undefined && { correlationId }),
    });
    const [path = ""] = url.split("?");
    const page = Object.hasOwn(insteadOf, path) ? insteadOf[path] : undefined;
    return page && isPage(reply) ? withPage(reply, page) : reply;
  };
