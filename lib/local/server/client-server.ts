/** What clients reach at the port of the API: the API, and the pages of the local cloud. */
import type { RequestListener } from "node:http";
import type { AnswerRequest } from "../http-api/http-api.ts";
import { type AdminOptions, admin } from "./admin.ts";
import { apiReplies } from "./api-replies.ts";
import { publicServer } from "./public-server.ts";
import { requests as lastRequests } from "./requests.ts";

export const clientServer = (
  options: Omit<AdminOptions, "requests">,
  api: AnswerRequest,
): RequestListener => {
  const { cloud, pages } = options;
  const requests = lastRequests();
  const replies = apiReplies(api, { requests, clock: cloud.clock, insteadOf: pages?.insteadOf });
  return publicServer(admin({ ...options, requests }), replies, cloud.report);
};
