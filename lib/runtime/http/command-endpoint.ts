/**
 * Commands over HTTP. An accepted command is answered with 202 and the version as ETag, also if there was nothing
 * to do or if the command is a repetition. Every other answer is a problem document. An invalid request never
 * reaches a decider.
 */

import { type AnyApplication, deciderOf } from "../../model/application.ts";
import { type AnyDecider, rejectionKindOf } from "../../model/decider.ts";
import { rejectionProblems } from "../../model/http/problem-kinds.ts";
import { type CommandRoute, parametersOf } from "../../model/http/route.ts";
import type { Clock } from "../../ports/clock.ts";
import type { HttpRequest } from "../../ports/http.ts";
import type { FirstAttempt } from "../../ports/idempotency-keys.ts";
import type { Log } from "../../ports/log.ts";
import type { Answer } from "../streams/answer.ts";
import type { HandleCommand } from "../streams/handle-command.ts";
import { type AnswerOncePorts, answerOnce, type Outcome } from "./answer-once.ts";
import { type CommandRequest, commandRequest } from "./command-request.ts";
import { type Endpoint, endpoint, problemReply, type Reply } from "./endpoint.ts";
import { isProblem, jsonResponse, type Problem } from "./problem.ts";
import { notFound } from "./request.ts";

type CommandEndpointPorts = AnswerOncePorts & {
  readonly handle: HandleCommand;
  readonly log: Log;
};

type Data = Readonly<Record<string, unknown>>;

/** The path in which the parameters are replaced by values of the command. */
const locationOf = ({ location }: CommandRoute, data: Data): Readonly<Record<string, string>> => {
  if (!location) return {};
  const path = parametersOf(location).reduce<string>(
    (text, name) => text.replace(`{${name}}`, encodeURIComponent(String(data[name]))),
    location,
  );
  return { location: path };
};

type Headers = Readonly<Record<string, string>>;

type Refused = Exclude<Answer, { readonly kind: "accepted" }>;

const problemOf = (
  decider: AnyDecider,
  { command, key, options }: CommandRequest,
  answer: Refused,
): Problem => {
  // The id of a stream may be in use by another owner, whose version must stay unknown.
  const headers: Headers = options.ownership?.begins ? {} : { etag: `"${answer.version}"` };
  switch (answer.kind) {
    case "rejected": {
      const { code, because } = answer;
      return { kind: rejectionProblems[rejectionKindOf(decider, code)], code, detail: because, headers };
    }
    case "expired":
      return { kind: "expired" };
    case "unowned":
      return { kind: "not-found", detail: `no ${decider.name} ${key}` };
    case "taken":
      return {
        kind: "refused",
        detail: `the ${decider.identifiedBy} of ${command.type} is in use: choose another`,
      };
    case "stale":
      return { kind: "stale", detail: `the current version is ${answer.version}`, headers };
    case "reused":
      return { kind: "key-reused" };
    case "contended":
      return {
        kind: "contended",
        detail: "other requests changed the same data: send the request again",
        headers: { "retry-after": "1" },
      };
  }
};

type Target = { readonly decider: AnyDecider; readonly route: CommandRoute };

const replyTo = ({ decider, route }: Target, asked: CommandRequest, answer: Answer): Reply => {
  if (answer.kind !== "accepted") return problemReply(problemOf(decider, asked, answer));
  const { command, key } = asked;
  const { version, events } = answer;
  // The answer to a repeated command has the correlation id under which its events were first recorded.
  const { correlationId } = events[0]?.metadata ?? command.metadata;
  const headers = { etag: `"${version}"`, ...locationOf(route, command.data) };
  return {
    response: jsonResponse(202, { id: key, version, correlationId }, headers),
    about: `${command.streamId} v${version}`,
  };
};

/** What each answer means for the Idempotency-Key of the request. */
const outcomes: Readonly<Record<Answer["kind"], Outcome>> = {
  accepted: "decided",
  rejected: "decided",
  expired: "decided",
  unowned: "undecided",
  taken: "decided",
  stale: "undecided",
  // The stream knows this key with another body, from a time before the key was marked.
  reused: "undecided",
  contended: "unsure",
};

/** The same command with the id of the first attempt. */
const withId = (asked: CommandRequest, id: string): CommandRequest => {
  const { command } = asked;
  return { ...asked, command: { ...command, metadata: { ...command.metadata, id, causationId: id } } };
};

export const commandEndpoint = (
  application: Pick<AnyApplication, "name" | "deciders" | "routes">,
  ports: CommandEndpointPorts,
): Endpoint => {
  const { handle, newId, clock, log } = ports;
  const once = answerOnce(ports);
  const routeOf = ({ method, route }: HttpRequest): CommandRoute | undefined =>
    application.routes.find(
      (each): each is CommandRoute => "command" in each && each.method === method && each.path === route,
    );

  return endpoint({ newId, clock, log }, async (request, correlationId) => {
    const route = routeOf(request);
    if (!route) return problemReply(notFound(application, request));
    const commandOf = (given: HttpRequest, now: Clock) =>
      commandRequest(application, { newId, clock: now }, { route, request: given, correlationId });

    /**
     * The request of the first attempt. Its actor is used because ids that are derived from the key depend on the
     * actor.
     */
    const retried = (first: FirstAttempt): CommandRequest => {
      const { commandId, issuedAt, actor } = first;
      const asked = commandOf({ ...request, actor }, () => new Date(issuedAt));
      if (isProblem(asked))
        throw new Error(
          `${commandId} was valid at the first attempt, but now: ${asked.detail ?? asked.kind}`,
        );
      return withId(asked, commandId);
    };

    const asked = commandOf(request, clock);
    if (isProblem(asked)) return problemReply(asked);
    const decider = deciderOf(application, route.command.category);
    const { idempotencyKey, body } = asked;
    const { id: commandId, issuedAt } = asked.command.metadata;
    const first = { commandId, issuedAt, actor: request.actor };
    return once({ request, idempotencyKey, body, first }, async (earlier) => {
      const sent = earlier ? retried(earlier) : asked;
      const answer = await handle(sent.command, sent.options);
      return { reply: replyTo({ decider, route }, sent, answer), outcome: outcomes[answer.kind] };
    });
  });
};
