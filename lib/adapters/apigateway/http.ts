/**
 * An endpoint as a Lambda function behind an HTTP API (payload format 2.0). An error thrown by an endpoint is a
 * bug: the log has the details, and the client gets only the request id to report.
 */
import * as z from "zod";
import type { Actor } from "../../model/decider.ts";
import type { CountsAs } from "../../model/http/guard.ts";
import type { HttpRequest, HttpResponse } from "../../ports/http.ts";
import type { Log } from "../../ports/log.ts";

type Strings = Readonly<Record<string, string>>;

const isStrings = (value: unknown): value is Strings =>
  typeof value === "object" &&
  value !== null &&
  Object.values(value).every((each) => typeof each === "string");

/** A record of zod would drop the key `__proto__`. It must be kept, so that the endpoint can refuse it. */
const strings = z.custom<Strings>(isStrings, "must be an object of strings").nullish();

/** The API omits empty fields. */
const schema = z.object({
  routeKey: z.string(),
  rawPath: z.string(),
  headers: strings,
  queryStringParameters: strings,
  pathParameters: strings,
  body: z.string().nullish(),
  isBase64Encoded: z.boolean(),
  requestContext: z.object({
    requestId: z.string(),
    http: z.object({ method: z.string() }),
    authorizer: z
      .object({
        jwt: z
          .object({
            claims: z.object({
              sub: z.string().optional(),
              client_id: z.string().optional(),
              scope: z.string().optional(),
              scp: z.string().optional(),
            }),
          })
          .nullish(),
        iam: z.object({ userArn: z.string().nullish() }).nullish(),
      })
      .nullish(),
  }),
});

type GatewayEvent = z.output<typeof schema>;

type GatewayResponse = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** "GET /orders/{orderId}" without the method. */
const routeOf = (routeKey: string): string | undefined =>
  routeKey === "$default" ? undefined : routeKey.slice(routeKey.indexOf(" ") + 1);

/** A machine client may have no subject. */
const actorOf = ({ requestContext: { authorizer } }: GatewayEvent): string | undefined => {
  const claims = authorizer?.jwt?.claims;
  return claims?.sub ?? claims?.client_id ?? authorizer?.iam?.userArn ?? undefined;
};

/** arn:aws:sts::1:assumed-role/ROLE/SESSION: the caller chooses the session, and a retry may have another one. */
const sessionOfRole = /^(arn:[^:]+:sts::[^:]*:assumed-role\/[^/]+)\/.*$/s;

/** The gateway takes either claim. It passes a list on as text in brackets: `[a b]`. */
const scopesOf = ({ requestContext: { authorizer } }: GatewayEvent): readonly string[] => {
  const { scope, scp } = authorizer?.jwt?.claims ?? {};
  const text = (scope ?? scp ?? "").replace(/^\[(.*)\]$/s, "$1");
  return text.split(/[\s,]+/).filter((each) => each !== "");
};

const callerOf = (event: GatewayEvent): Actor | undefined => {
  const subject = actorOf(event)?.replace(sessionOfRole, "$1");
  return subject === undefined ? undefined : { subject, scopes: scopesOf(event) };
};

/** A caller with a token is never exempt without a scope that says so. */
const isExempt = ({ requestContext: { authorizer } }: GatewayEvent, callers: CountsAs): boolean =>
  callers === "exempt" && !authorizer?.jwt;

const lowerCase = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** A decoder replaces bytes that are not UTF-8 by U+FFFD. A body in base64 contains the original bytes. */
const isReplaced = ({ body, isBase64Encoded }: GatewayEvent): boolean =>
  typeof body === "string" && !isBase64Encoded && (body.includes("\ufffd") || !body.isWellFormed());

const toRequest = (event: GatewayEvent, callers: CountsAs): HttpRequest => ({
  method: event.requestContext.http.method,
  route: routeOf(event.routeKey),
  path: event.rawPath,
  parameters: event.pathParameters ?? {},
  query: event.queryStringParameters ?? {},
  headers: lowerCase(event.headers ?? {}),
  body: Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8"),
  ...(isReplaced(event) && { isBodyReplaced: true }),
  actor: actorOf(event),
  caller: callerOf(event),
  isExempt: isExempt(event, callers),
  requestId: event.requestContext.requestId,
});

/** A problem type in the form that the endpoints use. */
const type = "urn:eventfold:problem:internal";

const bug = (requestId: string): HttpResponse => ({
  status: 500,
  headers: { "content-type": "application/problem+json" },
  body: JSON.stringify({ type, title: "This is our fault", status: 500, requestId }),
});

/** These answers have neither content nor a content length. */
const bodiless = [204, 304];

/** HEAD is answered with the headers of GET. The content length is the length of the body that GET would send. */
const withoutBody = ({ status, headers, body }: HttpResponse): HttpResponse => {
  if (bodiless.includes(status)) return { status, headers, body: "" };
  return { status, headers: { ...headers, "content-length": `${Buffer.byteLength(body)}` }, body: "" };
};

/** `callers` says what a caller without a token counts as. */
type HttpHandlerOptions = { readonly log: Log; readonly callers: CountsAs };

/** The Lambda function of an endpoint. */
export const httpHandler =
  (endpoint: (request: HttpRequest) => Promise<HttpResponse>, { log, callers }: HttpHandlerOptions) =>
  async (event: unknown): Promise<GatewayResponse> => {
    const request = toRequest(schema.parse(event), callers);
    const response = await endpoint(request).catch((error: unknown) => {
      const { method, path, requestId } = request;
      log.count("RequestFailed");
      log.write({ kind: "problem", message: `${method} ${path}: ${error}`, requestId, error });
      return bug(requestId);
    });
    const { status, headers, body } = request.method === "HEAD" ? withoutBody(response) : response;
    return { statusCode: status, headers, body };
  };
