/**
 * The single endpoint of the AWS APIs. Functions find its URL in AWS_ENDPOINT_URL. The access key identifies the
 * caller, and the scope of the signature identifies the service. Each service has a protocol, which reads the operation
 * from the request.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { uniqueId } from "../machine/random.ts";
import { readBody } from "../service/http-body.ts";
import { type Caller, type Cloud, ServiceError } from "../service/service.ts";
import { signatureIn } from "./credentials.ts";
import type { Dispatch } from "./dispatch.ts";
import { json, queryCompatibleJson } from "./json.ts";
import { foreignProtocol, missingService } from "./missing.ts";
import type { Answer, Protocol, Request } from "./protocol.ts";
import { lambda, scheduler, ses } from "./rest-json.ts";
import { s3 } from "./rest-xml.ts";

/** By the name of the service in the scope of a signature. */
const protocols: Readonly<Record<string, Protocol>> = {
  dynamodb: json,
  events: json,
  lambda,
  s3,
  scheduler,
  ses,
  sqs: queryCompatibleJson,
  states: json,
};

const bytesMax = 16 * 1024 * 1024;

const protocolOf = (service: string): Protocol | undefined =>
  Object.hasOwn(protocols, service) ? protocols[service] : undefined;

const faultOf = (fault: unknown, report: Cloud["report"]): ServiceError => {
  if (fault instanceof ServiceError) return fault;
  const message = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
  report({ source: "gateway", level: "problem", message });
  return new ServiceError("InternalFailure", "the local cloud failed: see its log", 500);
};

type ApiRequest = {
  readonly method: string;
  /** Path and query, as sent. */
  readonly path: string;
  readonly headers: Request["headers"];
  /** Undefined if the body is too large. */
  readonly body: Buffer | undefined;
};

/** Never rejects: a failure is an answer. */
type Api = (request: ApiRequest) => Promise<Answer>;

export const apis =
  (
    callerOf: (accessKeyId: string) => Caller,
    dispatch: Dispatch,
    cloud: Pick<Cloud, "resources" | "report">,
  ): Api =>
  async ({ method, path, headers, body }) => {
    const request: Request = {
      method,
      url: new URL(path, "http://localhost"),
      headers,
      body: body ?? Buffer.alloc(0),
    };
    let refuse = json.refuse;
    const answer = async (): Promise<Answer> => {
      try {
        if (!body) throw new ServiceError("RequestEntityTooLargeException", "the request is too large", 413);
        const { accessKeyId, service } = signatureIn(headers.authorization);
        const protocol = service === "" ? json : protocolOf(service);
        refuse = (protocol ?? foreignProtocol(request)).refuse;
        const caller = callerOf(accessKeyId);
        if (!protocol) throw missingService(service, request, cloud);
        const call = protocol.read(request);
        return protocol.answer(await dispatch(caller, { service, ...call }), call, request);
      } catch (fault) {
        return refuse(faultOf(fault, cloud.report), request);
      }
    };
    const { status, headers: own, body: answered } = await answer();
    const length = String(Buffer.byteLength(answered));
    return {
      status,
      headers: { ...own, "content-length": length, "x-amzn-requestid": uniqueId() },
      body: answered,
    };
  };

const send = (response: ServerResponse, { status, headers, body }: Answer) => {
  // Without a Date header, the SDK does not conclude that its own clock is wrong when the local clock is set forward.
  response.sendDate = false;
  response.writeHead(status, headers);
  response.end(body);
};

/** The same APIs over HTTP. */
export const gateway = (api: Api): RequestListener => {
  const answerTo = async (incoming: IncomingMessage): Promise<Answer> => {
    const body = await readBody(incoming, bytesMax);
    const { method = "", url = "/", headers } = incoming;
    return api({ method, path: url, headers, body });
  };

  return (incoming, response) => {
    answerTo(incoming).then(
      (answer) => send(response, answer),
      // The client closed the connection before its request was read.
      () => response.destroy(),
    );
  };
};
