/** AWS JSON 1.0 and 1.1. The operation is in a header. Input and output are the bodies. */
import { jsonOf, parseJson } from "../service/json-text.ts";
import { type Input, ServiceError } from "../service/service.ts";
import type { Answer, Protocol, Request } from "./protocol.ts";

/** A body that is not an object is refused, as on AWS. */
export const inputIn = (body: Buffer): Input => {
  try {
    const input = body.length === 0 ? {} : parseJson(body.toString("utf8"));
    // The condition checks that this is an object.
    if (typeof input === "object" && input !== null && !Array.isArray(input)) return input as Input;
  } catch {}
  throw new ServiceError("SerializationException", "the body is not a JSON object");
};

const contentTypeOf = ({ headers }: Request) => ({
  "content-type": headers["content-type"] ?? "application/x-amz-json-1.0",
});

const read: Protocol["read"] = ({ headers, body }) => {
  const operation =
    String(headers["x-amz-target"] ?? "")
      .split(".")
      .at(-1) ?? "";
  if (operation === "")
    throw new ServiceError("UnknownOperationException", "the header X-Amz-Target is missing");
  return { operation, input: inputIn(body) };
};

const refuse = ({ code, message, status, members }: ServiceError, request: Request): Answer => ({
  status,
  headers: contentTypeOf(request),
  body: JSON.stringify({ ...members, __type: code, message }),
});

export const json: Protocol = {
  read,
  answer: (output, _, request) => ({ status: 200, headers: contentTypeOf(request), body: jsonOf(output) }),
  refuse,
};

/** SQS used the query protocol in the past, and its SDKs still expect the error names of that protocol. */
const queryCodes: Readonly<Record<string, string>> = {
  QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
  EmptyBatchRequest: "AWS.SimpleQueueService.EmptyBatchRequest",
  TooManyEntriesInBatchRequest: "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
  BatchEntryIdsNotDistinct: "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
  BatchRequestTooLong: "AWS.SimpleQueueService.BatchRequestTooLong",
  MessageNotInflight: "AWS.SimpleQueueService.MessageNotInflight",
  PurgeQueueInProgress: "AWS.SimpleQueueService.PurgeQueueInProgress",
};

/** The SDKs call a queue at its URL, so queue URLs get the host that the request was sent to. */
const withQueueUrls = (text: string, { headers }: Request): string =>
  text.replaceAll(/https:\/\/sqs\.[^./]+\.amazonaws\.com/g, `http://${headers.host}`);

export const queryCompatibleJson: Protocol = {
  ...json,
  answer: (output, call, request) => {
    const text = jsonOf(output);
    const body = /QueueUrl|ListQueues/.test(call.operation) ? withQueueUrls(text, request) : text;
    return { status: 200, headers: contentTypeOf(request), body };
  },
  refuse: (error, request) => {
    const answer = refuse(error, request);
    const code = queryCodes[error.code] ?? error.code;
    const fault = error.status < 500 ? "Sender" : "Receiver";
    return {
      ...answer,
      headers: { ...answer.headers, "x-amzn-query-error": `${code};${fault}`, "x-amzn-query-mode": "true" },
    };
  },
};
