/**
 * Commands over HTTP. 202 with the version as ETag where a command is accepted, also when there was nothing to do
 * or it came before; a problem document else. A request that is not as it must be never reaches the business.
 */
import { type Application, type CommandRoute, deciderOf, parametersOf } from "../model/application.ts";
import { type AnyDecider, rejectionKindOf } from "../model/decider.ts";
import type { Clock, NewId } from "../ports/clock.ts";
import type { HttpRequest } from "../ports/http.ts";
import type { Log } from "../ports/log.ts";
import { type CommandRequest, commandRequest } from "./command-request.ts";
import { type Endpoint, endpoint, problemReply, type Reply } from "./endpoint.ts";
import type { Answer, HandleCommand } from "./handle-command.ts";
import { isProblem, jsonResponse, type Problem, rejectionProblems } from "./problem.ts";
import { notFound } from "./request.ts";

export type CommandEndpointPorts = {
  readonly handle: HandleCommand;
  readonly newId: NewId;
  readonly clock: Clock;
  readonly log: Log;
};

type Data = Readonly<Record<string, unknown>>;

/** The path with the command's own values. */
const locationOf = ({ location }: CommandRoute, data: Data): Readonly<Record<string, string>> => {
  if (!location) return {};
  const path = parametersOf(location).reduce<string>(
    (text, name) => text.replace(`{${name}}`, encodeURIComponent(String(data[name]))),
    location,
  );
  return { location: path };
};

const problemOf = (decider: AnyDecider, answer: Exclude<Answer, { readonly kind: "accepted" }>): Problem => {
  const headers = { etag: `"${answer.version}"` };
  switch (answer.kind) {
    case "rejected": {
      const { code, because } = answer;
      return { kind: rejectionProblems[rejectionKindOf(decider, code)], code, detail: because, headers };
    }
    case "expired":
      return { kind: "expired" };
    case "stale":
      return { kind: "stale", detail: `its version is ${answer.version}`, headers };
    case "reused":
      return { kind: "key-reused" };
    case "contended":
      return { kind: "contended", detail: "try again", headers: { "retry-after": "1" } };
  }
};

const replyTo = (
  decider: AnyDecider,
  route: CommandRoute,
  { command, key }: CommandRequest,
  answer: Answer,
): Reply => {
  if (answer.kind !== "accepted") return problemReply(problemOf(decider, answer));
  const { version, events } = answer;
  // A repetition names the id under which its events were recorded when it came first.
  const { correlationId } = events[0]?.metadata ?? command.metadata;
  const headers = { etag: `"${version}"`, ...locationOf(route, command.data) };
  return {
    response: jsonResponse(202, { id: key, version, correlationId }, headers),
    about: `${command.streamId} v${version}`,
  };
};

export const commandEndpoint = (
  application: Pick<Application<never>, "name" | "deciders" | "routes">,
  { handle, newId, clock, log }: CommandEndpointPorts,
): Endpoint => {
  const routeOf = ({ method, route }: HttpRequest): CommandRoute | undefined =>
    application.routes.find(
      (each): each is CommandRoute => "command" in each && each.method === method && each.path === route,
    );

  return endpoint({ newId, log }, async (request, correlationId) => {
    const route = routeOf(request);
    if (!route) return problemReply(notFound(application, request));
    const asked = commandRequest(application, { newId, clock }, route, request, correlationId);
    if (isProblem(asked)) return problemReply(asked);
    const answer = await handle(asked.command, asked.options);
    return replyTo(deciderOf(application, route.command.category), route, asked, answer);
  });
};
