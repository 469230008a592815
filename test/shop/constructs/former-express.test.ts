/**
 * Sagas without waits are choreographies by default. For one release, each has its former Express machine beside it, which
 * starts nothing.
 */
import { describe, expect, test } from "vitest";
import { sagaContext } from "../../../bin/local/saga-context.ts";
import { contextOf } from "../../../lib/deploy/context/context.ts";
import { synthesize } from "../../../lib/deploy/synthesize.ts";
import { technologiesOn } from "../../../lib/deploy/technologies.ts";
import { checkout } from "../../../lib/shop/sagas/checkout.ts";
import { restock } from "../../../lib/shop/sagas/restock.ts";
import { rightsOf } from "../../constructs/rights.ts";
import { application, technologies, templateOf } from "../../library/fixtures/small-library.ts";
import { takeBack } from "../../library/lib/loans/take-back.ts";
import { project } from "../project.ts";

const enginesOf = (values: Readonly<Record<string, string>>) => {
  const sagas = ["checkout", "restock"];
  return technologiesOn(project.technologies, contextOf(values, { sagas })).sagas;
};

const template = templateOf(
  { kind: "iam" },
  {
    application: { ...application, sagas: [takeBack] },
    technologies: { ...technologies, sagas: () => enginesOf({})(takeBack) },
  },
);
const rights = rightsOf(template);
const text = JSON.stringify(template.toJSON());

test("the former machine is of the type EXPRESS, without a task that waits", () => {
  template.hasResourceProperties("AWS::StepFunctions::StateMachine", { StateMachineType: "EXPRESS" });
  expect(text).not.toContain("waitForTaskToken");
});

test("no function may start its executions, and none knows it", () => {
  expect(Object.values(rights).flat().join()).not.toMatch(/states:/);
  expect(text).not.toContain("STATE_MACHINE_");
});

test("its executions go on: the machine may invoke the function of its tasks, which may do what it could before", () => {
  expect(rights.SagasTakeBackMachine).toEqual([
    expect.stringMatching(/^lambda:InvokeFunction on SagasTakeBackTask/),
  ]);
  const actions = (rights.SagasTakeBackTask ?? []).map((right) => right.split(" on ")[0]);
  expect(actions.filter((action) => action?.startsWith("dynamodb:")).toSorted()).toEqual([
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
  ]);
});

test("the functions that look for stuck sagas, resume and operate may send to the queue of the choreography", () => {
  const send = "sqs:SendMessage on SagasTakeBackChoreographQueue";
  const senders = Object.keys(rights).filter((role) => rights[role]?.some((right) => right.startsWith(send)));
  expect(senders.toSorted()).toEqual(["Inspect", "Operate", "Resume", "SagasTakeBackChoreographDeadlines"]);
});

test("the shop has a choreography for the saga without waits by default, beside its former machine", () => {
  expect(enginesOf({})(restock)).toMatchObject({ kind: "events", formerExpress: expect.any(Function) });
  expect(enginesOf({})(checkout)).toMatchObject({ kind: "state-machines" });
});

test.each(["saga", "saga.restock"])(
  "with %s=choreography, the saga did not run on Express and has no former machine",
  (key) => {
    const engines = enginesOf({ [key]: "choreography" })(restock);
    expect(engines).toMatchObject({ kind: "events" });
    expect(engines).not.toHaveProperty("formerExpress");
  },
);

describe("the engine of a saga", () => {
  test("is the one of all sagas, unless it has its own", () => {
    expect(enginesOf({ saga: "step-functions" })(restock)).toEqual(enginesOf({})(checkout));
    const mixed = enginesOf({ saga: "step-functions", "saga.checkout": "choreography" });
    expect([mixed(restock).kind, mixed(checkout).kind]).toEqual(["state-machines", "events"]);
  });

  test("is refused for a saga that the application does not have", () => {
    expect(() => synthesize(project, { context: { "saga.chekout": "choreography" } })).toThrow(
      "context saga.chekout=choreography: there is no saga chekout; expected ",
    );
  });

  test("comes from npm start", () => {
    expect(sagaContext([])).toEqual({});
    const engines = [{ engine: "step-functions" }, { saga: "checkout", engine: "choreography" }] as const;
    expect(sagaContext(engines)).toEqual({ saga: "step-functions", "saga.checkout": "choreography" });
  });
});
