/** Sagas on Express: a saga of the library that does not wait, and the answer of the shop about sagas that wait. */
import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { sagaContext } from "../../../bin/local/saga-context.ts";
import { stepFunctionsExpressResources } from "../../../lib/adapters/stepfunctions/construct.ts";
import { contextOf } from "../../../lib/deploy/context/context.ts";
import { synthesize } from "../../../lib/deploy/synthesize.ts";
import { technologiesOn } from "../../../lib/deploy/technologies.ts";
import { checkout } from "../../../lib/shop/sagas/checkout.ts";
import { restock } from "../../../lib/shop/sagas/restock.ts";
import { rightsOf } from "../../constructs/rights.ts";
import { application, technologies, templateOf } from "../../library/fixtures/small-library.ts";
import { takeBack } from "../../library/lib/loans/take-back.ts";
import { project } from "../project.ts";

const express = {
  ...technologies,
  sagas: () => ({ kind: "state-machines", engine: stepFunctionsExpressResources }) as const,
};

const sagas = [takeBack];
const template = templateOf(
  { kind: "iam" },
  { application: { ...application, sagas }, technologies: express },
);
const rights = rightsOf(template);
const text = JSON.stringify(template.toJSON());

test("the machine is of the type EXPRESS, without a task that waits", () => {
  template.hasResourceProperties("AWS::StepFunctions::StateMachine", { StateMachineType: "EXPRESS" });
  expect(text).not.toContain("waitForTaskToken");
});

test("no role may complete tasks, because no task waits", () => {
  expect(Object.values(rights).flat().join()).not.toMatch(/states:SendTask/);
});

test("the functions that look for stuck sagas and that resume sagas may start executions", () => {
  const start = "states:StartExecution on SagasTakeBackMachine";
  const starters = Object.keys(rights).filter((role) => rights[role]?.includes(start));
  expect(starters.toSorted()).toEqual(["Inspect", "Operate", "Resume", "SagasTakeBackReact"]);
  template.hasResourceProperties("AWS::Lambda::Function", {
    Role: Match.objectLike({ "Fn::GetAtt": [Match.stringLikeRegexp("^AppInspect"), "Arn"] }),
    Environment: { Variables: Match.objectLike({ STATE_MACHINE_TAKE_BACK: Match.anyValue() }) },
  });
});

test("no rule matches events of its executions, because Express has no such events", () => {
  expect(text).not.toContain("aws.states");
});

test("its machine has no alarm: SagaStuck reports an execution that ended before its saga", () => {
  template.resourcePropertiesCountIs("AWS::CloudWatch::Alarm", { Namespace: "AWS/States" }, 0);
  template.hasResourceProperties("AWS::CloudWatch::Alarm", { MetricName: "SagaStuck" });
});

test("a saga that waits is refused, with its steps that wait", () => {
  expect(() => templateOf({ kind: "iam" }, { technologies: express })).toThrow(
    "saga loan-period cannot run on Express, which cannot wait: these steps may wait: wait-for-return; choose step-functions or choreography",
  );
});

describe("the shop", () => {
  const enginesOf = (values: Readonly<Record<string, string>>) => {
    const { sagas } = technologiesOn(
      project.technologies,
      contextOf(values, { sagas: ["checkout", "restock"] }),
    );
    return { checkout: () => sagas(checkout), restock: () => sagas(restock) };
  };
  const onExpress = { kind: "state-machines", engine: stepFunctionsExpressResources };

  test("runs sagas that do not wait on Express by default", () => {
    const usual = enginesOf({});
    expect(usual.restock()).toEqual(onExpress);
    expect(usual.checkout()).not.toEqual(onExpress);
    expect(enginesOf({ saga: "step-functions" }).restock()).toEqual(usual.checkout());
    expect(enginesOf({ saga: "choreography" }).restock()).toMatchObject({ kind: "events" });
    expect(enginesOf({ "saga.restock": "choreography" }).restock()).toMatchObject({ kind: "events" });
  });

  test("is refused with Express for all sagas, and the message says what to write instead", () => {
    expect(enginesOf({ saga: "express" }).checkout).toThrow(
      "Express cannot run saga checkout, because it cannot wait, and these steps may wait: approve, authorize-payment; add -c saga.checkout=step-functions or -c saga.checkout=choreography",
    );
  });

  test("is refused with an engine for a saga that it does not have", () => {
    expect(() => synthesize(project, { context: { "saga.chekout": "express" } })).toThrow(
      "context saga.chekout=express: there is no saga chekout; expected ",
    );
  });

  test("gets the engine of each saga from npm start", () => {
    expect(sagaContext([])).toEqual({});
    const engines = [{ engine: "express" }, { saga: "checkout", engine: "choreography" }] as const;
    expect(sagaContext(engines)).toEqual({
      saga: "express",
      "saga.checkout": "choreography",
    });
  });

  test("accepts Express for all sagas if the saga that waits has another engine", () => {
    const engines = enginesOf({ saga: "express", "saga.checkout": "choreography" });
    expect(engines.restock()).toEqual(onExpress);
    expect(engines.checkout()).toMatchObject({ kind: "events" });
  });
});
