/**
 * How a call fails if its resource is in the template but does not run here. The error has the logical id and the type,
 * in the protocol of the client.
 */
import { foreignIn, foreignOf, missing } from "../cloudformation/foreign.ts";
import { type Cloud, type Resource, ServiceError } from "../service/service.ts";
import { json } from "./json.ts";
import type { Protocol, Request } from "./protocol.ts";
import { document } from "./rest-xml.ts";

const code = "ResourceNotFoundException";

const failure = (resources: readonly Resource[], report: Cloud["report"]): ServiceError => {
  const message = resources.map(missing).join("; ");
  report({ source: "gateway", level: "problem", message });
  return new ServiceError(code, message, 400);
};

export const missingResource = (resource: Resource, report: Cloud["report"]): ServiceError =>
  failure([resource], report);

const textOf = ({ url, body }: Request): string => {
  const text = `${url.pathname}${url.search} ${body.toString("utf8")}`;
  try {
    // In paths and in forms, a colon in an id is encoded as %3A.
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/**
 * The error for a service that does not run here. It names the resource that the request names, or else all resources
 * of that service.
 */
export const missingService = (
  service: string,
  request: Request,
  { resources, report }: Pick<Cloud, "resources" | "report">,
): ServiceError => {
  const named = foreignIn(resources, textOf(request));
  const found = named ? [named] : foreignOf(resources, service);
  if (found.length > 0) return failure(found, report);
  const message = `the local cloud does not run the service ${service}`;
  report({ source: "gateway", level: "problem", message });
  return new ServiceError("UnknownOperationException", message);
};

/** The query protocol, which SNS and others use: forms in, XML out. */
const query: Pick<Protocol, "refuse"> = {
  refuse: ({ code: Code, message: Message, status }) => ({
    status,
    headers: { "content-type": "text/xml" },
    body: document("ErrorResponse", { Error: { Type: "Sender", Code, Message } }),
  }),
};

/** The AWS JSON and the REST JSON protocol. One has the error name in the body, the other has it in a header. */
const anyJson: Pick<Protocol, "refuse"> = {
  refuse: (error, request) => {
    const answer = json.refuse(error, request);
    return { ...answer, headers: { ...answer.headers, "x-amzn-errortype": error.code } };
  },
};

/** How a service that does not run here refuses a request. */
export const foreignProtocol = ({ headers }: Request): Pick<Protocol, "refuse"> =>
  /form-urlencoded|xml/.test(String(headers["content-type"])) ? query : anyJson;
