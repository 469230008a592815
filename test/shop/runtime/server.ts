/** Both endpoints of an application with one store, for hostile requests. Read models are up to date at once. */
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import { memoryIdempotencyKeys } from "../../../lib/adapters/memory/idempotency-keys.ts";
import { memoryInstances } from "../../../lib/adapters/memory/instances.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import { memoryParked } from "../../../lib/adapters/memory/parked.ts";
import { memoryReadModels } from "../../../lib/adapters/memory/read-models.ts";
import type { AnyApplication } from "../../../lib/model/application.ts";
import type { SentCommand } from "../../../lib/model/message.ts";
import { isStreamId, type StreamId } from "../../../lib/model/stream.ts";
import type { Commit, EventStore } from "../../../lib/ports/event-store.ts";
import type { ReadModels } from "../../../lib/ports/read-models.ts";
import { commandEndpoint } from "../../../lib/runtime/http/command-endpoint.ts";
import { queryEndpoint } from "../../../lib/runtime/http/queries/query-endpoint.ts";
import { projector } from "../../../lib/runtime/projections/project.ts";
import { commandHandler, type HandleCommand } from "../../../lib/runtime/streams/handle-command.ts";
import { loadStream } from "../../../lib/runtime/streams/load-stream.ts";
import { type Asked, toRequest } from "../../runtime/gateway.ts";
import { now } from "./door.ts";

/** The calls of a store, in order, as `read strong` or `list`. */
const recording = (store: EventStore, readModels: ReadModels) => {
  const calls: string[] = [];
  const watchedStore: EventStore = {
    append: (commit) => {
      calls.push("append");
      return store.append(commit);
    },
    read: (id, options) => {
      calls.push(`read ${options.consistency}`);
      return store.read(id, options);
    },
  };
  const watchedReadModels: ReadModels = {
    ...readModels,
    find: (name, key) => {
      calls.push("find");
      return readModels.find(name, key);
    },
    list: (name, list) => {
      calls.push("list");
      return readModels.list(name, list);
    },
  };
  return { calls, watchedStore, watchedReadModels };
};

export type Streams = Readonly<Record<string, readonly Commit[]>>;

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
  const readModels = memoryReadModels(application.projections);
  const { calls, watchedStore, watchedReadModels } = recording(store, readModels);
  const business = commandHandler(application, { ...ports, store: watchedStore });
  const project = projector(application.projections, { ...ports, readModels, parked: memoryParked() });
  const follow = async (streamId: StreamId): Promise<void> => {
    const commits = await loadStream(store, streamId, "strong");
    await project(commits.map((commit) => ({ kind: "commit", id: `${commit.version}`, commit })));
  };
  const handle: HandleCommand = async (command, options) => {
    handled.push(command);
    const answer = await business(command, options);
    await follow(command.streamId);
    return answer;
  };
  const command = commandEndpoint(application, { handle, keys: memoryIdempotencyKeys(), ...ports });
  const documents = { openapi: () => "{}", page: () => "<!doctype html>" };
  const query = queryEndpoint(application, {
    ...ports,
    store: watchedStore,
    readModels: watchedReadModels,
    instances: memoryInstances(),
    documents,
  });
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

  /** The answer, the commands that reached the decider, and the calls of the stores. */
  const answer = async (asked: Asked) => {
    const request = toRequest(application, asked);
    const count = handled.length;
    const before = await streams();
    calls.length = 0;
    const response = await (isCommand(request.method, request.route) ? command : query)(request);
    const called = [...calls];
    const reached = handled.slice(count);
    const { route, parameters } = request;
    return { response, route, parameters, reached, called, before, after: await streams() };
  };
  /** Stores a commit without a request. */
  const add = async (commit: Commit): Promise<void> => {
    await store.append(commit);
    await follow(commit.streamId);
  };
  return { answer, add };
};
