/** The event that a function gets for a request, in format 2.0. Fields without content are left out. */
import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { JwtContext } from "./authorizer.ts";
import type { Matched } from "./routing.ts";

type Received = {
  readonly method: string;
  /** Decoded, and with the stage. */
  readonly path: string;
  readonly query: string;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly port: number;
};

export const received = (
  { method = "GET", rawHeaders, socket }: IncomingMessage,
  { segments, query }: { readonly segments: readonly string[]; readonly query: string },
  body: Buffer,
): Received => ({
  path: `/${segments.join("/")}`,
  query,
  method,
  rawHeaders,
  body,
  sourceIp: socket.remoteAddress?.replace(/^::ffff:/, "") ?? "127.0.0.1",
  port: socket.localPort ?? 0,
});

/** Content types whose bodies are passed as text if they are UTF-8. All other bodies are passed in base64. */
const textTypes = /^(text\/.*|application\/(json|xml|javascript))$/;

const isText = (contentType: string): boolean => {
  const [type = "", ...parameters] = contentType.toLowerCase().split(";");
  const charset = parameters.map((each) => each.trim()).find((each) => each.startsWith("charset="));
  const isUnicode = charset === undefined || /^charset="?utf-8"?$/.test(charset);
  return textTypes.test(type.trim()) && isUnicode;
};

/** These headers are for the gateway only. Cookies are in a separate field. */
const hopByHop = ["connection", "cookie", "keep-alive", "transfer-encoding"];

/** Names are in lower case. The values of a repeated header are joined with commas. */
const joined = (rawHeaders: readonly string[]): Map<string, string> => {
  const headers = new Map<string, string>();
  for (let place = 0; place + 1 < rawHeaders.length; place += 2) {
    const name = rawHeaders[place]?.toLowerCase() ?? "";
    const value = rawHeaders[place + 1] ?? "";
    const before = headers.get(name);
    const separator = name === "cookie" ? "; " : ",";
    headers.set(name, before === undefined ? value : `${before}${separator}${value}`);
  }
  return headers;
};

/** Bytes that are not UTF-8 become U+FFFD. Text that is not a percent-encoding stays unchanged. */
const decoded = (text: string): string =>
  text
    .replaceAll("+", " ")
    .replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString("utf8"));

const parametersIn = (query: string): Record<string, string> => {
  const parameters = new Map<string, string>();
  for (const pair of query.split("&").filter((each) => each !== "")) {
    const [, name = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
    const before = parameters.get(decoded(name));
    parameters.set(decoded(name), before === undefined ? decoded(value) : `${before},${decoded(value)}`);
  }
  return Object.fromEntries(parameters);
};

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Such as `14/Apr/2025:22:13:56 +0000`. */
const commonLogTime = (time: number): string => {
  const text = new Date(time).toISOString();
  return `${text.slice(8, 10)}/${months[Number(text.slice(5, 7)) - 1]}/${text.slice(0, 4)}:${text.slice(11, 19)} +0000`;
};

const unlessEmpty = <Name extends string>(name: Name, value: object) =>
  Object.keys(value).length > 0 ? { [name]: value } : {};

export const eventOf = (
  request: Received,
  { stage, route, parameters }: Matched,
  context: {
    readonly accountId: string;
    readonly apiId: string;
    readonly requestId: string;
    readonly now: number;
    readonly traceId: string;
    /** Undefined for a route without a token. */
    readonly jwt: JwtContext | undefined;
  },
) => {
  const { method, path, query, body, sourceIp, port } = request;
  const headers = joined(request.rawHeaders);
  const cookies = (headers.get("cookie") ?? "").split(/;\s*/).filter((each) => each !== "");
  for (const name of hopByHop) headers.delete(name);
  const domainName = headers.get("host") ?? "localhost";
  headers.set("content-length", String(body.length));
  headers.set("x-amzn-trace-id", context.traceId);
  headers.set("x-forwarded-for", [headers.get("x-forwarded-for"), sourceIp].filter(Boolean).join(", "));
  headers.set("x-forwarded-port", String(port));
  headers.set("x-forwarded-proto", "http");
  const asText = body.length === 0 || (isText(headers.get("content-type") ?? "") && isUtf8(body));
  return {
    version: "2.0",
    routeKey: route.key,
    rawPath: path,
    rawQueryString: query,
    ...unlessEmpty("cookies", cookies),
    headers: Object.fromEntries(headers),
    ...unlessEmpty("queryStringParameters", parametersIn(query)),
    requestContext: {
      accountId: context.accountId,
      apiId: context.apiId,
      ...(context.jwt && { authorizer: { jwt: context.jwt } }),
      domainName,
      domainPrefix: domainName.split(/[.:]/)[0],
      http: {
        method,
        path,
        protocol: "HTTP/1.1",
        sourceIp,
        userAgent: headers.get("user-agent") ?? "",
      },
      requestId: context.requestId,
      routeKey: route.key,
      stage: stage.name,
      time: commonLogTime(context.now),
      timeEpoch: context.now,
    },
    ...unlessEmpty("pathParameters", parameters),
    ...unlessEmpty("stageVariables", stage.variables ?? {}),
    ...(body.length > 0 && { body: body.toString(asText ? "utf8" : "base64") }),
    isBase64Encoded: !asText,
  };
};
