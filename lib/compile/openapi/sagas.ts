/** The operations of saga routes: the status of one instance, the list by status, and the decisions of operators. */

import { pageLimits } from "../../model/http/limits.ts";
import type { SagaRoute } from "../../model/http/route.ts";
import type { Position } from "../../model/sagas/position.ts";
import type { Schema } from "../schemas/schemas.ts";
import { idempotencyKey } from "./command.ts";
import { json, type Parameter, pathParameters, type Said, text } from "./operation.ts";
import { problemResponses } from "./problems.ts";
import { conditions, found, next, objectOf, time, unmet } from "./queries.ts";

const places: Readonly<Record<Position["status"]["kind"], true>> = {
  running: true,
  waiting: true,
  compensating: true,
  parked: true,
  compensated: true,
  completed: true,
};

const status: Schema = { ...text, enum: Object.keys(places) };

/** An item of the list. */
const summary = objectOf(
  { saga: text, id: text, status, since: time, stuck: { type: "boolean" }, correlationId: text },
  {
    step: text,
    until: time,
    reasonCode: text,
    reason: text,
    lastError: objectOf({ step: text, because: text, at: time }),
  },
);

const listOf = (items: Schema): Schema => ({ type: "array", items });

const command = objectOf({ type: text, streamId: text, id: text });

const event = objectOf(
  { type: text, id: text, recordedAt: time, commandId: text, causationId: text },
  { step: text, actor: text },
);

const details = {
  required: {
    definition: objectOf({ name: text, steps: listOf(text) }),
    done: listOf(text),
    decisions: listOf(
      objectOf({ how: { enum: ["retry", "skip"] }, requestId: text, at: time }, { actor: text }),
    ),
    events: listOf(event),
  },
  optional: {
    waitsFor: objectOf(
      { kind: { enum: ["answer", "event", "resume"] }, commands: listOf(command) },
      { events: listOf(text), until: time },
    ),
    outcome: { enum: ["completed", "compensated"] },
    parked: objectOf({ code: text, because: text, at: time }),
  },
};

const report: Schema = {
  ...summary,
  properties: { ...summary.properties, ...details.required, ...details.optional },
  required: [...summary.required, ...Object.keys(details.required)],
};

const ofStatus = (route: SagaRoute): Said => ({
  summary: "The status of a saga, and its history",
  parameters: [...pathParameters(route), ...conditions],
  responses: { ...found(report), ...problemResponses(["schema", "not-found", ...unmet]) },
});

const filters: readonly Parameter[] = [
  { name: "status", in: "query", schema: status },
  {
    name: "stuck",
    in: "query",
    description: "Only sagas that wait longer than their step allows",
    schema: { ...text, enum: ["true"] },
  },
  {
    name: "limit",
    in: "query",
    schema: { type: "integer", minimum: 1, maximum: pageLimits.most, default: pageLimits.usual },
  },
  next,
];

const ofList = (): Said => ({
  summary: "Sagas by status",
  parameters: [...filters, ...conditions],
  responses: {
    ...found(objectOf({ items: { type: "array", items: summary } }, { next: text })),
    ...problemResponses(["schema", ...unmet]),
  },
});

const decision: Schema = {
  ...objectOf({ action: { enum: ["retry", "skip"] } }),
  additionalProperties: false,
};

const resumed = objectOf({ saga: text, id: text, action: text, status, correlationId: text });

const ofResume = (route: SagaRoute): Said => ({
  summary: "Resumes a parked saga",
  description:
    "`retry` runs the step again, `skip` treats it as done. The decision is recorded with its caller. The body is UTF-8 and has no duplicate keys.",
  parameters: [...pathParameters(route), { ...idempotencyKey, required: false }],
  requestBody: { required: true, content: json(decision, { action: "retry" }) },
  responses: {
    202: { description: "The saga is resumed", content: json(resumed) },
    ...problemResponses([
      "malformed-json",
      "schema",
      "header",
      "not-found",
      "not-parked",
      "unreadable",
      "key-busy",
    ]),
    ...problemResponses(["too-large", "media-type", "content-encoding", "key-reused", "not-yet-readable"]),
  },
});

const kinds: Readonly<Record<SagaRoute["sagas"], (route: SagaRoute) => Said>> = {
  status: ofStatus,
  list: ofList,
  resume: ofResume,
};

export const ofSaga = (route: SagaRoute): Said => kinds[route.sagas](route);
