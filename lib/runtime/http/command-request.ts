/**
 * Builds the command that a request asks for. The whole request is validated before a decider runs: the command
 * matches its schema, and its ids can be used in keys.
 */
import { createHash } from "node:crypto";
import { type AnyApplication, deciderOf } from "../../model/application.ts";
import { validTraceparent } from "../../model/events/traceparent.ts";
import { idRule, isId } from "../../model/http/id.ts";
import type { CommandRoute } from "../../model/http/route.ts";
import { canonical } from "../../model/json/canonical.ts";
import { type Parsed, type ParsedCommand, parsedWith } from "../../model/json/parsed-command.ts";
import { strict } from "../../model/json/strict.ts";
import { streamId } from "../../model/stream.ts";
import type { Clock, NewId } from "../../ports/clock.ts";
import type { HttpRequest } from "../../ports/http.ts";
import type { HandleOptions } from "../streams/decision.ts";
import { versionsIn } from "./entity-tag.ts";
import { idempotencyKeyOf } from "./idempotency-key.ts";
import { foreignOwner, ownershipOf } from "./ownership.ts";
import { type Fault, isProblem, type Problem } from "./problem.ts";
import { parameterFaults } from "./request.ts";
import { type Body, bodyOf, faultsOf } from "./request-body.ts";

type Data = Readonly<Record<string, unknown>>;

/** `command` is parsed. `key` is the part of its stream id after the category. */
export type CommandRequest = {
  readonly command: ParsedCommand;
  readonly key: string;
  readonly options: HandleOptions;
  readonly idempotencyKey: string | undefined;
  readonly body: Data;
};

const hash = (...parts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex");

/** Body and path parameters together, parsed by the command's schema. The command is not parsed again later. */
const parsedRequest = (
  { command: { schema } }: CommandRoute,
  { identifiedBy, newKey }: { readonly identifiedBy: string; readonly newKey: string },
  { body: { object: body, inexact }, parameters }: { readonly body: Body; readonly parameters: Data },
): { readonly parsed: Parsed; readonly key: string } | Problem => {
  const contradictions = Object.entries(parameters)
    .filter(([name, value]) => Object.hasOwn(body, name) && body[name] !== value)
    .map(([name]): Fault => ({ path: [name], detail: "must equal the value in the path" }));
  const result = parsedWith(strict(schema), { [identifiedBy]: newKey, ...body, ...parameters });
  if ("error" in result) return { kind: "schema", errors: [...contradictions, ...faultsOf(result.error)] };
  const { parsed } = result;
  const key = parsed.data[identifiedBy];
  if (typeof key !== "string" || !isId(key))
    return { kind: "schema", errors: [...contradictions, { path: [identifiedBy], detail: idRule }] };
  const errors = [...contradictions, ...inexact];
  return errors.length > 0 ? { kind: "schema", errors } : { parsed, key };
};

type Received = {
  readonly route: CommandRoute;
  readonly request: HttpRequest;
  readonly correlationId: string;
};

/** The requested command, or the problem with the request. */
export const commandRequest = (
  application: Pick<AnyApplication, "name" | "deciders">,
  { newId, clock }: { readonly newId: NewId; readonly clock: Clock },
  { route, request, correlationId }: Received,
): CommandRequest | Problem => {
  const { parameters, actor } = request;
  const unfit = parameterFaults(parameters);
  if (unfit) return unfit;
  const idempotencyKey = idempotencyKeyOf(request);
  if (typeof idempotencyKey === "object") return idempotencyKey;
  if (idempotencyKey === undefined && route.key === "required")
    return { kind: "key-required", detail: "send an Idempotency-Key header" };
  const versions = versionsIn(request);
  if (isProblem(versions)) return versions;
  const body = bodyOf(request);
  if (isProblem(body)) return body;

  // A repeated request gets the same ids. A new stream id and a command id never collide, because the former is
  // hashed with the word `id` in front.
  const scope = [actor ?? "", `${route.method} ${route.path}`];
  const made = (...what: readonly string[]) =>
    idempotencyKey === undefined ? newId() : hash(...what, ...scope, idempotencyKey);
  const decider = deciderOf(application, route.command.category);
  const { name, identifiedBy } = decider;
  const known = parsedRequest(route, { identifiedBy, newKey: made("id") }, { body, parameters });
  if (isProblem(known)) return known;
  const { parsed, key } = known;
  const foreign = foreignOwner(route, request, parsed.data);
  if (foreign) return foreign;
  const id = `http/${made()}`;
  const command: ParsedCommand = {
    ...parsed,
    type: route.command.type,
    streamId: streamId(name, key),
    metadata: {
      id,
      causationId: id,
      correlationId,
      issuedAt: clock().toISOString(),
      receipt: false,
      actor,
      // Includes the values of the path: using one key for two articles of an order is also a mistake.
      bodyHash: hash(canonical({ ...body.object, ...parameters })),
      traceparent: validTraceparent(request.headers.traceparent),
    },
  };
  const options = { ...versions, actor: request.caller, ownership: ownershipOf(route, decider, request) };
  return { command, key, options, idempotencyKey, body: body.object };
};
