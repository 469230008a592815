/** The command endpoint of an application, in front of a handler that records each command. */
import { memoryIdempotencyKeys } from "../../../lib/adapters/memory/idempotency-keys.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import type { AnyApplication } from "../../../lib/model/application.ts";
import type { SentCommand } from "../../../lib/model/message.ts";
import type { HttpRequest } from "../../../lib/ports/http.ts";
import { commandEndpoint } from "../../../lib/runtime/http/command-endpoint.ts";
import type { Answer } from "../../../lib/runtime/streams/answer.ts";
import type { HandleOptions } from "../../../lib/runtime/streams/decision.ts";
import { shop } from "../../../lib/shop/shop.ts";
import { type Asked, toRequest } from "../../runtime/gateway.ts";
import { placeable } from "../domain/orders.ts";

export const accepted: Answer = { kind: "accepted", version: 1, events: [], repeated: false, history: [] };

export const json = { "content-type": "application/json" };

/** A valid order. */
export const post: Asked = { method: "POST", path: "/orders", headers: json, body: placeable };

export const now = new Date("2026-01-01T00:00:00.000Z");

type Handled = { readonly command: SentCommand; readonly options: HandleOptions | undefined };

export const door = (
  application: Pick<AnyApplication, "name" | "deciders" | "routes"> = shop,
  answer: Answer | Error = accepted,
) => {
  const handled: Handled[] = [];
  const log = memoryLog();
  let ids = 0;
  const newId = () => {
    ids += 1;
    return `new-${ids}`;
  };
  const handle = async (command: SentCommand, options?: HandleOptions) => {
    handled.push({ command, options });
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const ports = {
    handle,
    newId,
    clock: () => now,
    log,
    sleep: async () => {},
    keys: memoryIdempotencyKeys(),
  };
  const endpoint = commandEndpoint(application, ports);
  const only = (): Handled => {
    const [first, ...others] = handled;
    if (!first || others.length > 0) throw new Error(`${handled.length} commands were handled`);
    return first;
  };
  return {
    ask: (asked: Asked, request: Partial<HttpRequest> = {}) =>
      endpoint({ ...toRequest(application, asked), ...request }),
    handled,
    only,
    log,
  };
};
