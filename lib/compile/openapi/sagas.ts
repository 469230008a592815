/** What routes to sagas say of themselves: where one stands, which stand somewhere, and what people decide. */
import type { SagaRoute } from "../../model/application.ts";
import type { Status } from "../../model/status.ts";
import { limits } from "../../runtime/list.ts";
import type { Schema } from "../schemas.ts";
import { idempotencyKey } from "./command.ts";
import { json, type Parameter, pathParameters, type Said, text } from "./operation.ts";
import { problemResponses } from "./problems.ts";
import { found, objectOf, time } from "./queries.ts";

const places: Readonly<Record<Status["kind"], true>> = {
  running: true,
  waiting: true,
  compensating: true,
  parked: true,
  compensated: true,
  completed: true,
};

const status: Schema = { enum: Object.keys(places) };

/** More than this may be shown, for people. */
const standing = objectOf(
  { saga: text, id: text, status, since: time, correlationId: text },
  { step: text, reason: text },
);

const event = objectOf({ type: text, id: text, recordedAt: time, commandId: text }, { step: text });

const report: Schema = {
  ...standing,
  properties: { ...standing.properties, events: { type: "array", items: event } },
  required: [...standing.required, "events"],
};

const ofStatus = (route: SagaRoute): Said => ({
  summary: "Where a saga stands, and why",
  parameters: pathParameters(route),
  responses: { 200: found(report), ...problemResponses(["schema", "not-found"]) },
});

const filters: readonly Parameter[] = [
  { name: "status", in: "query", schema: status },
  {
    name: "stuck",
    in: "query",
    description: "Those that wait longer than their step allows",
    schema: { enum: ["true"] },
  },
  {
    name: "limit",
    in: "query",
    schema: { type: "integer", minimum: 1, maximum: limits.most, default: limits.usual },
  },
  { name: "next", in: "query", description: "As the page before has it", schema: text },
];

const ofList = (): Said => ({
  summary: "Where sagas stand",
  parameters: filters,
  responses: {
    200: found(objectOf({ items: { type: "array", items: standing } }, { next: text })),
    ...problemResponses(["schema"]),
  },
});

const decision: Schema = {
  ...objectOf({ action: { enum: ["retry", "skip"] } }),
  additionalProperties: false,
};

const resumed = objectOf({ saga: text, id: text, action: text, status, correlationId: text });

const ofResume = (route: SagaRoute): Said => ({
  summary: "A parked saga goes on",
  description: "Its step is tried again, or taken for done; who decided so is recorded.",
  parameters: [...pathParameters(route), { ...idempotencyKey, required: false }],
  requestBody: { required: true, content: json(decision, { action: "retry" }) },
  responses: {
    202: { description: "It goes on", content: json(resumed) },
    ...problemResponses(["malformed-json", "schema", "header", "not-found", "not-parked", "unreadable"]),
    ...problemResponses(["too-large", "media-type"]),
  },
});

const kinds: Readonly<Record<SagaRoute["sagas"], (route: SagaRoute) => Said>> = {
  status: ofStatus,
  list: ofList,
  resume: ofResume,
};

export const ofSaga = (route: SagaRoute): Said => kinds[route.sagas](route);
