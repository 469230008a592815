/**
 * AWS::ApiGatewayV2: answers requests of clients as API Gateway would, with the functions of the routes. Tokens are
 * checked. Signatures of clients are not checked, so a route that requires one refuses every request.
 */
import type { IncomingMessage } from "node:http";
import type { Answer } from "../lambda/environments/answer.ts";
import { uniqueId } from "../machine/random.ts";
import { readBody } from "../service/http-body.ts";
import { type Caller, type Cloud, type Resource, ServiceError } from "../service/service.ts";
import { type JwtContext, jwtAuthorizers } from "./authorizer.ts";
import { withCors } from "./cors.ts";
import { type HttpApi, httpApiOf, type Route } from "./definition.ts";
import { eventOf, received } from "./event.ts";
import * as reply from "./reply.ts";
import { type Matched, router } from "./routing.ts";
import { throttle } from "./throttle.ts";

export type AnswerRequest = (incoming: IncomingMessage) => Promise<reply.Reply>;

/** Runs a function with a JSON text. Throws ServiceError if `caller` lacks the right or the text is too large. */
export type RunFunction = (
  caller: Caller,
  functionArn: string,
  payload: string,
) => Promise<Answer & { readonly requestId: string }>;

const bytesMax = 10 * 1024 * 1024;

type Target = { readonly segments: readonly string[]; readonly query: string };

/** Each segment is decoded separately, so that a variable may contain a slash. */
const targetOf = (url: string): Target | undefined => {
  const [, path = "", query = ""] = /^([^?]*)\??(.*)$/s.exec(url) ?? [];
  try {
    return { segments: path.split("/").slice(1).map(decodeURIComponent), query };
  } catch {
    return undefined;
  }
};

const sourceArnOf = (cloud: Cloud, api: HttpApi, { stage, route }: Matched): string => {
  const path = route.key.replace(" ", "");
  return `arn:aws:execute-api:${cloud.region}:${cloud.account}:${api.id}/${stage.name}/${path}`;
};

const within = (milliseconds: number, answer: Promise<Answer>): Promise<Answer | "late"> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve("late"), milliseconds);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });

const traceId = (now: number): string =>
  `Root=1-${Math.floor(now / 1000).toString(16)}-${uniqueId().replaceAll("-", "").slice(0, 24)}`;

type Admitted = { readonly jwt: JwtContext | undefined } | { readonly refusal: reply.Reply };

const reportSigned = ({ report }: Pick<Cloud, "report">, routes: readonly Route[]): void => {
  const signed = routes.filter(({ authorization }) => authorization.kind === "iam").map(({ key }) => key);
  if (signed.length === 0) return;
  const message = `the local cloud cannot check the signatures of clients, so these routes refuse every request: ${signed.join(", ")}`;
  report({ source: "http", level: "problem", message });
};

export const httpApi = (cloud: Cloud, resources: readonly Resource[], run: RunFunction): AnswerRequest => {
  const api = httpApiOf(resources);
  if (!api) return async () => reply.notFound;
  const find = router(api);

  reportSigned(cloud, api.routes);
  const authorize = jwtAuthorizers(cloud);
  const takes = throttle(cloud.clock);

  /** The context of the token if the caller may call the route, or the reply to a caller who may not. */
  const admitted = async (
    incoming: IncomingMessage,
    { query }: Target,
    { authorization }: Route,
  ): Promise<Admitted> => {
    if (authorization.kind === "open") return { jwt: undefined };
    if (authorization.kind === "iam") return { refusal: reply.forbidden };
    const decision = await authorize({ headers: incoming.headers, query }, authorization);
    return decision.kind === "allowed" ? { jwt: decision.jwt } : { refusal: decision.reply };
  };

  const call = async (matched: Matched, payload: string): Promise<reply.Reply> => {
    const { functionArn, timeoutMilliseconds } = matched.route;
    const sourceArn = sourceArnOf(cloud, api, matched);
    const caller: Caller = { kind: "service", principal: "apigateway.amazonaws.com", sourceArn };
    try {
      const answer = await within(timeoutMilliseconds, run(caller, functionArn, payload));
      if (answer === "late") return reply.serviceUnavailable;
      return answer.functionError === undefined ? reply.replyTo(answer.payload) : reply.internalServerError;
    } catch (fault) {
      if (!(fault instanceof ServiceError)) throw fault;
      return fault.status === 413 ? reply.tooLarge : reply.internalServerError;
    }
  };

  const answer: AnswerRequest = async (incoming) => {
    const body = await readBody(incoming, bytesMax);
    if (!body) return reply.tooLarge;
    const target = targetOf(incoming.url ?? "/");
    if (!target) return reply.badRequest;
    const matched = find(incoming.method ?? "GET", target.segments);
    if (!matched) return api.cors && incoming.method === "OPTIONS" ? reply.noContent : reply.notFound;
    if (!takes(matched)) return reply.tooManyRequests;
    const caller = await admitted(incoming, target, matched.route);
    if ("refusal" in caller) return caller.refusal;
    const now = cloud.clock.now();
    const event = eventOf(received(incoming, target, body), matched, {
      accountId: cloud.account,
      apiId: api.id,
      requestId: uniqueId(),
      now,
      traceId: traceId(now),
      jwt: caller.jwt,
    });
    return call(matched, JSON.stringify(event));
  };

  return async (incoming) => withCors(api.cors, incoming, await answer(incoming));
};
