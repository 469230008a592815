/** The stack that the library becomes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Template } from "aws-cdk-lib/assertions";
import { synthesize } from "eventfold/deploy";
import { afterAll, expect, test } from "vitest";
import * as z from "zod";
import { application } from "../lib/application.ts";
import { technologies } from "../lib/technologies.ts";

const statements = z
  .object({ Policies: z.array(z.object({ PolicyDocument: z.object({ Statement: z.array(z.unknown()) }) })) })
  .transform(({ Policies }) => Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement));

const outdir = mkdtempSync(join(tmpdir(), "library-"));
afterAll(() => rmSync(outdir, { recursive: true }));

synthesize({ application, technologies, root: join(import.meta.dirname, "..") }, { outdir });

const textOf = (file: string): string => readFileSync(join(outdir, file), "utf8");
const template = Template.fromJSON(JSON.parse(textOf("library.template.json")));

test("the rules of CloudFormation and AWS find no problem in the template", () => {
  expect(JSON.parse(textOf("validation-report.json"))).toMatchObject({ pluginReports: [] });
});

test("there is a table for the events, for each projection and for the outbox", () => {
  const tables = Object.keys(template.findResources("AWS::DynamoDB::GlobalTable"));
  for (const name of ["StorageEvents", "ServicesSms", ...readModels])
    expect(tables).toContainEqual(expect.stringMatching(`^App${name}`));
});

const readModels = application.projections.map(({ name }) => `StorageReadModel${name.replaceAll("-", "")}`);

test("a saga that waits has a state machine, and the others are choreographies beside their former machines", () => {
  const machines = Object.entries(template.findResources("AWS::StepFunctions::StateMachine"));
  const types = machines.map(([id, { Properties }]) => [id, Properties.StateMachineType]);
  expect(types.toSorted()).toEqual([
    [expect.stringMatching("Lending"), "EXPRESS"],
    [expect.stringMatching("LoanPeriod"), "STANDARD"],
    [expect.stringMatching("TakeBack"), "EXPRESS"],
  ]);
  const functions = Object.keys(template.findResources("AWS::Lambda::Function"));
  for (const saga of ["Lending", "TakeBack"])
    expect(functions).toContainEqual(expect.stringMatching(`^AppSagas${saga}Choreograph`));
});

test("only the function that sends reminders may write to the outbox, and it may do nothing else with it", () => {
  const roles = Object.entries(template.findResources("AWS::IAM::Role"));
  const rights = roles.flatMap(([id, { Properties }]) =>
    (statements.safeParse(Properties).data ?? [])
      .filter((statement) => JSON.stringify(statement).includes("SmsOutbox"))
      .map((statement) => [id, statement]),
  );
  expect(rights).toEqual([
    [expect.stringMatching("SendReminder"), expect.objectContaining({ Action: "dynamodb:PutItem" })],
  ]);
});

test("no function contains a word of the example application of the framework", () => {
  for (const role of readdirSync(join(outdir, "bundles")))
    expect(textOf(join("bundles", role, "index.mjs"))).not.toMatch(/PlaceOrder|authorize-payment/);
});
