/** An application whose names pass validation is synthesized for every bus without collisions, and starts. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Code } from "aws-cdk-lib/aws-lambda";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import * as z from "zod";
import { eventBridgeResources } from "../../lib/adapters/eventbridge/construct.ts";
import { kafkaResources } from "../../lib/adapters/kafka/construct.ts";
import { rabbitMqResources } from "../../lib/adapters/rabbitmq/construct.ts";
import { EventSourcedApplication } from "../../lib/constructs/event-sourced-application.ts";
import type { Bus, Technologies } from "../../lib/constructs/ports.ts";
import { localCloud } from "../../lib/local/local-cloud.ts";
import type { AnyApplication } from "../../lib/model/application.ts";
import type { AnyDecider } from "../../lib/model/decider.ts";
import type { AnyProjection } from "../../lib/model/projection.ts";
import { command, event } from "../../lib/model/reference.ts";
import { sending } from "../../lib/model/saga.ts";
import type { AnyTranslator } from "../../lib/model/translator.ts";
import { validate } from "../../lib/model/validation/validate.ts";
import { type Services, technologies } from "../library/fixtures/small-library.ts";

const folder = mkdtempSync(join(tmpdir(), "names-"));
afterAll(() => rmSync(folder, { recursive: true }));
const code = join(folder, "code");
mkdirSync(code);
writeFileSync(join(code, "index.mjs"), "export const handler = async () => ({ statusCode: 204 });");

type Names = {
  readonly application: string;
  readonly decider: string;
  readonly type: string;
  readonly projections: readonly string[];
  readonly index: string;
  readonly effects: readonly string[];
  readonly sagas: readonly string[];
  readonly steps: readonly string[];
  readonly translators: readonly {
    readonly name: string;
    readonly source: string;
    readonly channel: string;
    readonly type: string;
  }[];
  readonly paths: readonly string[];
};

/** An application with one part of each kind, with these names. The library does not have names at every place. */
const applicationOf = (names: Names): AnyApplication<Services> => {
  const data = z.object({ id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });
  const { type } = names;
  const decider: AnyDecider = {
    name: names.decider,
    identifiedBy: "id",
    commands: { [type]: data },
    events: { [type]: data },
    rejections: [],
    initialState: 0,
    decide: { [type]: () => [] },
    evolve: { [type]: () => 0 },
  };
  const on = event(decider, type);
  const send = sending(command(decider, type), () => ({ id: "1" }));
  const none = sending(command(decider, type), () => []);
  const projections = names.projections.map(
    (name): AnyProjection => ({
      name,
      row: data,
      sources: [decider],
      on: { [type]: { key: "id", evolve: () => ({ id: "1" }) } },
      indexes: { [names.index]: { by: "id" } },
    }),
  );
  const steps = names.steps.map((name) => ({
    name,
    send,
    succeeds: [on],
    fails: [],
    timeoutSeconds: 60,
    undo: send,
  }));
  return {
    name: names.application,
    deciders: [decider],
    projections,
    effects: names.effects.map((name) => ({
      name,
      on,
      answers: [],
      uses: {},
      perform: async () => undefined,
    })),
    sagas: names.sagas.map((name) => ({
      name,
      startsOn: on,
      identifiedBy: () => "1",
      steps,
      completes: none,
      abandons: none,
    })),
    translators: names.translators.map((each): AnyTranslator => ({ ...each, schema: data, send })),
    access: ["public"],
    routes: names.paths.map((path) => ({
      method: "GET",
      path: `/${path}`,
      access: "public",
      document: "health",
    })),
  };
};

const mq = "arn:aws:mq:eu-central-1:000000000000:broker:a:b-1";
const secretArn = "arn:aws:secretsmanager:eu-central-1:000000000000:secret:a";

const buses: readonly Bus[] = [
  eventBridgeResources,
  kafkaResources({ brokers: ["a.example.org:9092"] }),
  rabbitMqResources({ url: "amqps://a.example.org:5671", brokerArn: mq, secretArn }),
];

const synthesized = (application: AnyApplication<Services>, bus: Bus) => {
  const app = new App({ builtinCloudFormationValidation: false, outdir: mkdtempSync(join(folder, "out-")) });
  const stack = new Stack(app, application.name);
  const chosen: Technologies<Services> = { ...technologies, bus };
  new EventSourcedApplication(stack, "App", {
    application,
    technologies: chosen,
    code: () => Code.fromAsset(code),
    guard: { kind: "open" },
  });
  return { app, stack };
};

const variablesOf = (template: Template): readonly (readonly string[])[] =>
  Object.values(template.findResources("AWS::Lambda::Function")).map(({ Properties }) =>
    Object.keys(Object(Properties).Environment?.Variables ?? {}),
  );

/** The most variables of this kind that a function has: one for each name, unless two names became one. */
const most = (template: Template, prefix: string): number =>
  Math.max(0, ...variablesOf(template).map((all) => all.filter((name) => name.startsWith(prefix)).length));

const check = (application: AnyApplication<Services>, chosen = buses): void => {
  const { projections, effects, sagas, translators = [] } = application;
  for (const bus of chosen) {
    const template = Template.fromStack(synthesized(application, bus).stack);
    expect(
      variablesOf(template)
        .flat()
        .filter((name) => !/^[A-Za-z]\w*$/.test(name)),
    ).toEqual([]);
    expect(most(template, "READ_MODEL_")).toBe(projections.length);
    expect(most(template, "QUEUE_")).toBe(effects.length + sagas.length + translators.length);
    expect(most(template, "STATE_MACHINE_")).toBe(sagas.length);
  }
};

/** Short names of few characters, which often collide. */
const short = (pattern: RegExp) => fc.stringMatching(pattern);
const two = <Value>(one: fc.Arbitrary<Value>) => fc.array(one, { minLength: 1, maxLength: 2 });
const handler = short(/^[a-f][a-f1-]{1,3}$/);

const names: fc.Arbitrary<Names> = fc.record({
  application: short(/^[ab][ab1-]{0,3}$/),
  decider: short(/^[ab][a1_]{0,3}$/),
  type: short(/^[AB][a1_-]{0,3}$/),
  projections: two(short(/^[abA][abA1_-]{0,3}$/)),
  index: short(/^[ab._-]{3,5}$/),
  effects: two(handler),
  sagas: two(handler),
  steps: two(handler),
  translators: two(
    fc.record({
      name: handler,
      source: short(/^[cd][c._-]{0,3}$/),
      channel: short(/^[ab][a_-]{0,2}$/),
      type: short(/^[AB][a .:/-]{0,4}B$/),
    }),
  ),
  paths: two(short(/^[ab~._-]{1,4}(\/[ab]{1,2})?$/)),
});

const seed = { seed: 5 };

test("names that pass validation are synthesized for every bus and do not collide", () => {
  let accepted = 0;
  let refused = 0;
  fc.assert(
    fc.property(names, (given) => {
      const application = applicationOf(given);
      if (validate(application).length > 0) {
        refused += 1;
        return;
      }
      check(application, buses.slice(accepted % buses.length).slice(0, 1));
      accepted += 1;
    }),
    { ...seed, numRuns: 40 },
  );
  // Without such names the test would be useless.
  expect(accepted).toBeGreaterThan(10);
  expect(refused).toBeGreaterThan(4);
});

/** The longest and the strangest names of each use. */
const extreme: readonly Names[] = [
  {
    application: `A${"-a".repeat(31)}z`,
    decider: "d".repeat(64),
    type: "T".repeat(128),
    projections: ["p".repeat(64), "Resource", "default"],
    index: "i".repeat(200),
    effects: ["e".repeat(64), "default", "resource"],
    sagas: ["s".repeat(64), "constructor"],
    steps: ["x".repeat(70), "a-to-b", "a", "b"],
    translators: [
      { name: "t".repeat(64), source: "S".repeat(64), channel: "c".repeat(64), type: "t".repeat(128) },
    ],
    paths: ["~", "a".repeat(100), "A.b-c_d"],
  },
  {
    application: "Default",
    decider: "Default",
    type: "Resource",
    projections: ["constructor"],
    index: "...",
    effects: ["queue"],
    sagas: ["machine"],
    steps: ["if"],
    translators: [
      { name: "perform", source: "a.b.c", channel: "x_y-z", type: "EC2 Instance State-change (a/b)" },
    ],
    paths: ["$default".slice(1)],
  },
];

test.each(extreme)(
  "names at the limits of their rules pass, are synthesized, and start: %#",
  async (given) => {
    const application = applicationOf(given);
    expect(validate(application)).toEqual([]);
    check(application);
    const { app } = synthesized(application, eventBridgeResources);
    const cloud = await localCloud({ assembly: app.synth().directory, port: 0, report: () => {} });
    try {
      const answer = await fetch(`${cloud.url}/${given.paths[0]}`);
      expect(answer.status).toBe(204);
    } finally {
      await cloud.stop();
    }
  },
);

test("services with the same logical id are refused", () => {
  const { effects: _, ...application } = applicationOf(extreme[1] ?? expect.fail("no names"));
  const services = { ...technologies.services, Mailer: technologies.services.mailer };
  const stack = new Stack(new App({ builtinCloudFormationValidation: false }), "services");
  const make = () =>
    new EventSourcedApplication(stack, "App", {
      application: { ...application, effects: [] },
      technologies: { ...technologies, services },
      code: () => Code.fromAsset(code),
      guard: { kind: "open" },
    });
  expect(make).toThrow(
    "service mailer and service Mailer: expected different names, got the same logical id Mailer; rename one",
  );
});
