/**
 * The one endpoint of the AWS APIs, which functions find in AWS_ENDPOINT_URL: it finds the caller by the access
 * key, the service by the scope of the signature, and the operation as the service's protocol says.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Dispatch } from "./dispatch.ts";
import { signatureIn } from "./gateway/credentials.ts";
import { json, queryCompatibleJson } from "./gateway/json.ts";
import type { Answer, Protocol, Request } from "./gateway/protocol.ts";
import { lambda, ses } from "./gateway/rest-json.ts";
import { s3 } from "./gateway/rest-xml.ts";
import { readBody } from "./http-body.ts";
import { uniqueId } from "./random.ts";
import { type Caller, ServiceError, type World } from "./service.ts";

/** By the name of the service in the scope of a signature. */
const protocols: Readonly<Record<string, Protocol>> = {
  dynamodb: json,
  events: json,
  lambda,
  s3,
  ses,
  sqs: queryCompatibleJson,
  states: json,
};

const bytesMax = 16 * 1024 * 1024;

const protocolOf = (service: string): Protocol => {
  const protocol = Object.hasOwn(protocols, service) ? protocols[service] : undefined;
  if (protocol) return protocol;
  throw new ServiceError("UnknownOperationException", `the local cloud does not run the service ${service}`);
};

const faultOf = (fault: unknown, report: World["report"]): ServiceError => {
  if (fault instanceof ServiceError) return fault;
  const message = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
  report({ source: "gateway", level: "problem", message });
  return new ServiceError("InternalFailure", "the local cloud failed: its log says why", 500);
};

const send = (response: ServerResponse, { status, headers, body }: Answer) => {
  // Without a date the SDK does not think that its clock is wrong when the local one is set forward.
  response.sendDate = false;
  response.writeHead(status, {
    ...headers,
    "content-length": Buffer.byteLength(body),
    "x-amzn-requestid": uniqueId(),
  });
  response.end(body);
};

export const gateway = (
  callerOf: (accessKeyId: string) => Caller,
  dispatch: Dispatch,
  report: World["report"],
): RequestListener => {
  const answerTo = async (incoming: IncomingMessage): Promise<Answer> => {
    const body = await readBody(incoming, bytesMax);
    const { method = "", headers } = incoming;
    const request: Request = {
      method,
      url: new URL(incoming.url ?? "/", "http://localhost"),
      headers,
      body: body ?? Buffer.alloc(0),
    };
    let protocol = json;
    try {
      if (!body) throw new ServiceError("RequestEntityTooLargeException", "the request is too large", 413);
      const { accessKeyId, service } = signatureIn(headers.authorization);
      if (service !== "") protocol = protocolOf(service);
      const caller = callerOf(accessKeyId);
      const call = protocol.read(request);
      return protocol.answer(await dispatch(caller, service, call.operation, call.input), call, request);
    } catch (fault) {
      return protocol.refuse(faultOf(fault, report), request);
    }
  };

  return (incoming, response) => {
    answerTo(incoming).then(
      (answer) => send(response, answer),
      // The client is gone before its request was read.
      () => response.destroy(),
    );
  };
};
