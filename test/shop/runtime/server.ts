/** Both endpoints of an application with one store, for hostile requests. */
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import { memoryIdempotencyKeys } from "../../../lib/adapters/memory/idempotency-keys.ts";
import { memoryInstances } from "../../../lib/adapters/memory/instances.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import { memoryReadModels } from "../../../lib/adapters/memory/read-models.ts";
import type { AnyApplication } from "../../../lib/model/application.ts";
import type { SentCommand } from "../../../lib/model/message.ts";
import { isStreamId } from "../../../lib/model/stream.ts";
import type { Commit } from "../../../lib/ports/event-store.ts";
import { commandEndpoint } from "../../../lib/runtime/http/command-endpoint.ts";
import { queryEndpoint } from "../../../lib/runtime/http/queries/query-endpoint.ts";
import { commandHandler, type HandleCommand } from "../../../lib/runtime/streams/handle-command.ts";
import { loadStream } from "../../../lib/runtime/streams/load-stream.ts";
import { toRequest } from "../../runtime/gateway.ts";
import type { AttackRequest } from "../../runtime/http/attack.ts";
import { now } from "./door.ts";

export type Streams = Readonly<Record<string, readonly Commit[]>>;

/** The answer, and the commands that reached the decider. */
export const server = (application: AnyApplication) => {
  const handled: SentCommand[] = [];
  let ids = 0;
  const newId = () => {
    ids += 1;
    return `new-${ids}`;
  };
  const store = memoryEventStore();
  const log = memoryLog();
  const ports = { store, newId, log, clock: () => now, random: () => 0, sleep: async () => {} };
  const business = commandHandler(application, ports);
  const handle: HandleCommand = (command, options) => {
    handled.push(command);
    return business(command, options);
  };
  const command = commandEndpoint(application, { handle, keys: memoryIdempotencyKeys(), ...ports });
  const readModels = memoryReadModels(application.projections);
  const documents = { openapi: () => "{}", page: () => "<!doctype html>" };
  const query = queryEndpoint(application, { readModels, instances: memoryInstances(), documents, ...ports });
  const isCommand = (method: string, path: string | undefined) =>
    application.routes.some((route) => "command" in route && route.method === method && route.path === path);

  const streams = async (): Promise<Streams> =>
    Object.fromEntries(
      await Promise.all(
        store
          .streams()
          .filter(isStreamId)
          .map(async (id) => [id, await loadStream(store, id, "strong")] as const),
      ),
    );

  const answer = async (asked: AttackRequest) => {
    const request = toRequest(application, asked);
    const count = handled.length;
    const before = await streams();
    const response = await (isCommand(request.method, request.route) ? command : query)(request);
    const reached = handled.slice(count);
    const { route, parameters } = request;
    return { response, route, parameters, reached, before, after: await streams() };
  };
  return { answer };
};
