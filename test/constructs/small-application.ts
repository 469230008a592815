/** A small application with one of everything, and the stack it becomes, without any code of ours in its functions. */
import { App, RemovalPolicy, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { AttributeType, Billing, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Code } from "aws-cdk-lib/aws-lambda";
import * as z from "zod";
import { dynamoResources } from "../../lib/adapters/dynamodb/construct.ts";
import { eventBridgeResources } from "../../lib/adapters/eventbridge/construct.ts";
import { sesResources } from "../../lib/adapters/ses/construct.ts";
import { sqsResources } from "../../lib/adapters/sqs/construct.ts";
import { stepFunctionsResources } from "../../lib/adapters/stepfunctions/construct.ts";
import { systemResources } from "../../lib/adapters/system/construct.ts";
import { EventSourcedApplication } from "../../lib/constructs/event-sourced-application.ts";
import type { Guard } from "../../lib/constructs/http-api/guard.ts";
import type { Service, Technologies } from "../../lib/constructs/ports.ts";
import type { Application } from "../../lib/model/application.ts";
import type { Effect } from "../../lib/model/effect.ts";
import type { Projection } from "../../lib/model/projection.ts";
import { fromOutside, sending } from "../../lib/model/saga.ts";
import type { Translator } from "../../lib/model/translator.ts";
import { begin, begun, done, job, sagaOf, step } from "../compile/small-saga.ts";

export type Services = { readonly payments: undefined; readonly mailer: undefined };

const row = z.object({ id: z.string(), at: z.string() });

const jobList: Projection<typeof row, typeof job> = {
  name: "job-list",
  row,
  sources: [job],
  on: {
    Begun: { key: "id", evolve: (_row, { data, metadata }) => ({ id: data.id, at: metadata.recordedAt }) },
  },
  indexes: { newest: { newestFirst: "at" }, byId: { by: "id", newestFirst: "at" } },
};

const charge: Effect<typeof begun, Pick<Services, "payments">, typeof begin> = {
  name: "charge",
  on: begun,
  answers: [begin],
  uses: { payments: true },
  perform: async () => undefined,
};

const tell: Effect<typeof done, Pick<Services, "mailer">> = {
  name: "tell",
  on: done,
  answers: [],
  uses: { mailer: true },
  perform: async () => undefined,
};

const requested = z.object({ number: z.string() });

const requests: Translator<typeof requested> = {
  name: "requests",
  source: "crm",
  channel: "request",
  type: "Requested",
  schema: requested,
  send: sending(begin, ({ data: { number } }) => ({ id: number })),
};

const outside = fromOutside(done, ({ data }) => data.id);

export const application: Application<Services> = {
  name: "jobs",
  deciders: [job],
  projections: [jobList],
  effects: [charge, tell],
  sagas: [sagaOf([{ ...step("one"), succeeds: [outside] }])],
  translators: [requests],
  routes: [
    { method: "POST", path: "/jobs", access: "customer", command: begin },
    { method: "GET", path: "/jobs/{id}", access: "public", query: jobList, versionOf: job },
    { method: "GET", path: "/jobs/{id}/events", access: "operator", history: job },
    { method: "POST", path: "/sagas/{saga}/{id}/resume", access: "operator", sagas: "resume" },
  ],
};

/** A service of the application's own: it keeps payments in a table. */
const payments: Service = (scope) => {
  const table = new TableV2(scope, "Payments", {
    partitionKey: { name: "pk", type: AttributeType.STRING },
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  return {
    environment: { PAYMENTS_TABLE: table.tableName },
    statements: [{ actions: ["dynamodb:UpdateItem"], resources: [table.tableArn] }],
  };
};

export const technologies: Technologies<Services> = {
  system: systemResources,
  storage: dynamoResources,
  bus: eventBridgeResources,
  sagas: () => ({ kind: "state-machines", engine: stepFunctionsResources }),
  deadLetters: sqsResources,
  services: { payments, mailer: sesResources("jobs@example.com") },
};

export const templateOf = (
  guard: Guard,
  options: {
    readonly application?: Application<Services>;
    readonly technologies?: Technologies<Services>;
    readonly origins?: readonly string[];
  } = {},
): Template => {
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), "jobs");
  const code = () => Code.fromInline("export const handler = () => {}");
  new EventSourcedApplication(stack, "App", { application, technologies, code, guard, ...options });
  return Template.fromStack(stack);
};
