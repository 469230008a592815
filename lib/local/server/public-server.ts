/**
 * The server on the port for clients. It serves the pages of the local cloud itself. All other requests go to the HTTP
 * API.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { AnswerRequest } from "../http-api/http-api.ts";
import { badRequest, hasContent, internalServerError, type Reply } from "../http-api/reply.ts";
import { uniqueId } from "../machine/random.ts";
import type { Cloud } from "../service/service.ts";
import { isForAdmin } from "./admin.ts";
import { toOriginForm } from "./request-target.ts";

/** An answer to HEAD has no body to measure, so the content-length that the function gives is kept. */
const lengthOf = ({ req }: ServerResponse, { headers, body }: Reply): string | number => {
  const { "content-length": given } = headers;
  return req.method === "HEAD" && typeof given === "string" ? given : Buffer.byteLength(body);
};

const send = (response: ServerResponse, reply: Reply) => {
  const { status, headers, body } = reply;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader("apigw-requestid", uniqueId().replaceAll("-", "").slice(0, 16));
  if (hasContent(status)) response.setHeader("content-length", lengthOf(response, reply));
  response.writeHead(status);
  response.end(body);
};

export const publicServer = (
  admin: AnswerRequest,
  api: AnswerRequest,
  report: Cloud["report"],
): RequestListener => {
  const answerTo = async (incoming: IncomingMessage): Promise<Reply> => {
    if (!toOriginForm(incoming)) return badRequest;
    try {
      return await (isForAdmin(incoming) ? admin(incoming) : api(incoming));
    } catch (fault) {
      const message = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
      if (!incoming.destroyed) report({ source: "http", level: "problem", message });
      return internalServerError;
    }
  };

  return (incoming, response) => {
    answerTo(incoming)
      .then((reply) => send(response, reply))
      // The answer has a header that cannot be sent, which is an error of the function.
      .catch(() => {
        for (const name of response.headersSent ? [] : response.getHeaderNames()) response.removeHeader(name);
        if (response.headersSent) response.destroy();
        else send(response, internalServerError);
      });
  };
};
