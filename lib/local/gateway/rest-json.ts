/** The REST APIs with JSON bodies: SES, the Scheduler and Lambda. Payloads of Lambda pass unchanged. */
import { jsonOf } from "../service/json-text.ts";
import { ServiceError } from "../service/service.ts";
import { inputIn } from "./json.ts";
import type { Answer, Protocol } from "./protocol.ts";

const contentType = { "content-type": "application/json" };

const refuse = ({ code, message, status, members }: ServiceError): Answer => ({
  status: code === "AccessDeniedException" ? 403 : status,
  headers: { ...contentType, "x-amzn-errortype": code },
  body: JSON.stringify({ ...members, message }),
});

const unknown = (method: string, path: string) =>
  new ServiceError("UnknownOperationException", `the local cloud does not run ${method} ${path}`, 404);

const answer: Protocol["answer"] = (output) => ({ status: 200, headers: contentType, body: jsonOf(output) });

export const ses: Protocol = {
  read: ({ method, url, body }) => {
    if (method === "POST" && url.pathname === "/v2/email/outbound-emails")
      return { operation: "SendEmail", input: inputIn(body) };
    throw unknown(method, url.pathname);
  },
  answer,
  refuse,
};

export const scheduler: Protocol = {
  read: ({ method, url, body }) => {
    const [, name] = /^\/schedules\/([^/]+)$/.exec(url.pathname) ?? [];
    if (name === undefined) throw unknown(method, url.pathname);
    const Name = decodeURIComponent(name);
    if (method === "POST") return { operation: "CreateSchedule", input: { ...inputIn(body), Name } };
    if (method !== "DELETE") throw unknown(method, url.pathname);
    const GroupName = url.searchParams.get("groupName");
    return { operation: "DeleteSchedule", input: { Name, ...(GroupName !== null && { GroupName }) } };
  },
  answer,
  refuse,
};

type Invoked = {
  readonly StatusCode: number;
  readonly FunctionError?: string;
  readonly ExecutedVersion: string;
  readonly Payload: string;
};

export const lambda: Protocol = {
  read: ({ method, url, headers, body }) => {
    const [, name] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(url.pathname) ?? [];
    if (method !== "POST" || name === undefined) throw unknown(method, url.pathname);
    const input = {
      FunctionName: decodeURIComponent(name),
      InvocationType: headers["x-amz-invocation-type"] ?? "RequestResponse",
      Payload: body.toString("utf8"),
    };
    return { operation: "Invoke", input };
  },
  answer: (output) => {
    // The type of the answer of Invoke.
    const { StatusCode, FunctionError, ExecutedVersion, Payload } = output as Invoked;
    return {
      status: StatusCode,
      headers: {
        ...contentType,
        "x-amz-executed-version": ExecutedVersion,
        ...(FunctionError !== undefined && { "x-amz-function-error": FunctionError }),
      },
      body: Payload,
    };
  },
  refuse,
};
