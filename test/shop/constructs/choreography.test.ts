/** The shop with sagas as choreography. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Match, Template } from "aws-cdk-lib/assertions";
import { afterAll, expect, test } from "vitest";
import { shop } from "../../../lib/shop/shop.ts";
import { rightsOf } from "../../constructs/rights.ts";
import { synthesizeWithoutCode } from "../templates/without-code.ts";

const outdir = mkdtempSync(join(tmpdir(), "shop-events-"));
afterAll(() => rmSync(outdir, { recursive: true }));

synthesizeWithoutCode({ saga: "choreography" }, outdir);

const text = readFileSync(join(outdir, `${shop.name}.template.json`), "utf8");
const template = Template.fromJSON(JSON.parse(text));

test("there is no state machine, and no right to start or complete one", () => {
  template.resourceCountIs("AWS::StepFunctions::StateMachine", 0);
  expect(text).not.toMatch(/states:|aws\.states|STATE_MACHINE/);
});

test.each([
  ["checkout", ["OrderPlaced", "OrderApproved", "OrderRefused", "OrderCancelled", "CommandResumed"]],
  ["restock", ["OrderReturned", "CommandResumed"]],
])(
  "%s receives %j and what others caused for it, but no answer to its own commands and no replay",
  (saga, types) => {
    template.hasResourceProperties("AWS::Events::Rule", {
      EventPattern: {
        source: ["shop"],
        "replay-name": [{ exists: false }],
        $or: [
          { "detail-type": types },
          {
            detail: {
              sagaid: [{ prefix: `${saga}/` }],
              commandid: [{ "anything-but": { prefix: `${saga}/` } }],
            },
          },
        ],
      },
    });
  },
);

test("its deadlines have a separate schedule group, and are sent to its queue", () => {
  template.resourceCountIs("AWS::Scheduler::ScheduleGroup", shop.sagas.length);
  template.hasResourceProperties("AWS::IAM::Role", {
    AssumeRolePolicyDocument: Match.objectLike({
      Statement: [Match.objectLike({ Principal: { Service: "scheduler.amazonaws.com" } })],
    }),
  });
  const rights = Object.entries(rightsOf(template)).filter(([role]) => /Choreograph/.test(role));
  expect(rights.flatMap(([, all]) => all).filter((right) => /^scheduler:/.test(right))).toHaveLength(
    2 * shop.sagas.length,
  );
});

test("no statement has all resources", () => {
  for (const right of Object.values(rightsOf(template)).flat()) expect(right).not.toMatch(/ on \*$/);
});
