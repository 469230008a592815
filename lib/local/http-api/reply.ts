/** The reply that a client gets, from the answer of a function or from API Gateway itself. */

export type Reply = {
  readonly status: number;
  /** A header with several values has a list. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
};

const message = (status: number, text: string): Reply => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ message: text }),
});

export const noContent: Reply = { status: 204, headers: {}, body: "" };
export const badRequest = message(400, "Bad Request");
export const forbidden = message(403, "Forbidden");
export const notFound = message(404, "Not Found");
export const tooLarge = message(413, "Request Entity Too Large");
export const tooManyRequests = message(429, "Too Many Requests");
export const internalServerError = message(500, "Internal Server Error");
export const serviceUnavailable = message(503, "Service Unavailable");

/** `challenge` says which credentials are expected, and why the given ones are refused. */
export const unauthorized = (challenge: string): Reply => {
  const { headers, ...reply } = message(401, "Unauthorized");
  return { ...reply, headers: { ...headers, "www-authenticate": challenge } };
};

type Answer = {
  readonly statusCode: unknown;
  readonly headers?: unknown;
  readonly cookies?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
};

const hasStatus = (answer: unknown): answer is Answer =>
  typeof answer === "object" && answer !== null && "statusCode" in answer;

const statusOf = (given: unknown): number | undefined => {
  const status = typeof given === "string" ? Number(given) : given;
  return typeof status === "number" && Number.isInteger(status) && status >= 100 && status <= 599
    ? status
    : undefined;
};

const textHeaders = (given: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(given ?? {})
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name.toLowerCase(), String(value)]),
  );

/** Responses with these statuses have no body. */
export const hasContent = (status: number): boolean => status !== 204 && status !== 304;

const replyOf = ({ statusCode, headers, cookies, body, isBase64Encoded }: Answer): Reply => {
  const status = statusOf(statusCode);
  if (status === undefined || (typeof body === "object" && body !== null)) return internalServerError;
  const text = body === undefined || body === null ? "" : String(body);
  return {
    status,
    headers: {
      ...(hasContent(status) && { "content-type": "text/plain; charset=utf-8" }),
      ...textHeaders(headers),
      ...(Array.isArray(cookies) && { "set-cookie": cookies.map(String) }),
    },
    body: isBase64Encoded === true ? Buffer.from(text, "base64") : text,
  };
};

/**
 * If the answer has no `statusCode`, the whole answer is the body, as the function wrote it. `payload` is JSON text.
 */
export const replyTo = (payload: string): Reply => {
  const answer: unknown = JSON.parse(payload);
  if (hasStatus(answer)) return replyOf(answer);
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: typeof answer === "string" ? answer : payload,
  };
};
