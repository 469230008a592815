import { expect, test } from "vitest";
import { templateOf } from "../library/fixtures/small-library.ts";
import { managedPoliciesOf, rightsOf } from "./rights.ts";

const template = templateOf({ kind: "iam" });
const rights = rightsOf(template);

const logs = (role: string) => [`logs:CreateLogStream on ${role}Logs`, `logs:PutLogEvents on ${role}Logs`];

const receive = (role: string) => [
  `sqs:ChangeMessageVisibility on ${role}Queue`,
  `sqs:DeleteMessage on ${role}Queue`,
  `sqs:GetQueueAttributes on ${role}Queue`,
  `sqs:ReceiveMessage on ${role}Queue`,
  `sqs:SendMessage on ${role}DeadLetters`,
];

const follow = [
  "dynamodb:DescribeStream on StorageEvents.StreamArn",
  "dynamodb:GetRecords on StorageEvents.StreamArn",
  "dynamodb:GetShardIterator on StorageEvents.StreamArn",
  // Lambda refuses to create the mapping without it, although it never asks.
  "dynamodb:ListStreams on StorageEvents.StreamArn",
  "s3:ListBucket on StreamFailures",
  "s3:PutObject on StreamFailures/*",
];

const append = ["dynamodb:PutItem on StorageEvents", "dynamodb:Query on StorageEvents"];
const useInstances = ["dynamodb:GetItem on StorageInstances", "dynamodb:UpdateItem on StorageInstances"];
const mark = ["dynamodb:PutItem on StorageIdempotencyKeys"];
const claim = ["dynamodb:UpdateItem on StorageLedger"];
const complete = [
  "states:SendTaskFailure on SagasLoanPeriodMachine",
  "states:SendTaskSuccess on SagasLoanPeriodMachine",
];
const start = ["states:StartExecution on SagasLoanPeriodMachine"];
const project = [
  "dynamodb:BatchGetItem on StorageReadModelloanstatus",
  "dynamodb:BatchGetItem on StorageReadModelloansperday",
  "dynamodb:PutItem on StorageReadModelloanstatus",
  "dynamodb:PutItem on StorageReadModelloansperday",
];
const sender = "arn:AWS::Partition:ses:AWS::Region:AWS::AccountId:identity/ServicesMailerIdentity";

const functions: Readonly<Record<string, readonly string[]>> = {
  Command: [...append, ...mark],
  Query: [
    "dynamodb:GetItem on StorageInstances",
    "dynamodb:GetItem on StorageReadModelloanstatus",
    "dynamodb:GetItem on StorageReadModelloansperday",
    "dynamodb:Query on StorageEvents",
    "dynamodb:Query on StorageInstances/index/standing",
    "dynamodb:Query on StorageReadModelloanstatus/index/byMember",
    "dynamodb:Query on StorageReadModelloansperday/index/newest",
  ],
  StreamProject: [
    ...follow,
    ...project,
    "dynamodb:PutItem on StorageParked",
    "dynamodb:Query on StorageEvents",
  ],
  Repair: [
    ...project,
    ...receive("Repair"),
    "dynamodb:PutItem on StorageParked",
    "dynamodb:Query on StorageEvents",
  ],
  StreamRelay: [...follow, "dynamodb:PutItem on StorageParked", "events:PutEvents on Bus"],
  EffectsOrderCopiesPerform: [
    ...append,
    ...claim,
    ...receive("EffectsOrderCopiesPerform"),
    `ses:SendEmail on ${sender}`,
  ],
  EffectsSendReminderPerform: [
    ...claim,
    ...receive("EffectsSendReminderPerform"),
    "dynamodb:PutItem on ServicesSmsSmsOutbox",
  ],
  TranslatorsPublisherDeliveriesTranslate: [
    ...append,
    "dynamodb:PutItem on StorageInbox",
    ...receive("TranslatorsPublisherDeliveriesTranslate"),
  ],
  SagasLoanPeriodTask: [...append, ...useInstances, ...complete],
  SagasLoanPeriodReact: [...useInstances, ...start, ...complete, ...receive("SagasLoanPeriodReact")],
  Resume: [...append, ...useInstances, ...mark, ...start, ...complete],
  Inspect: [...useInstances, "dynamodb:Query on StorageInstances/index/standing"],
  Operate: [
    ...append,
    ...useInstances,
    ...project,
    ...start,
    ...complete,
    "dynamodb:DeleteItem on StorageParked",
    "dynamodb:PutItem on StorageParked",
    "dynamodb:Query on StorageInstances/index/standing",
    "dynamodb:Scan on StorageParked",
    "events:PutEvents on Bus",
    "dynamodb:GetItem on StorageLedger",
    ...[
      "EffectsOrderCopiesPerform",
      "EffectsSendReminderPerform",
      "SagasLoanPeriodReact",
      "TranslatorsPublisherDeliveriesTranslate",
    ].flatMap((handler) => [
      `sqs:ChangeMessageVisibility on ${handler}DeadLetters`,
      `sqs:DeleteMessage on ${handler}DeadLetters`,
      `sqs:ReceiveMessage on ${handler}DeadLetters`,
      `sqs:GetQueueAttributes on ${handler}Queue`,
      `sqs:SendMessage on ${handler}Queue`,
    ]),
  ],
};

test.each(Object.entries(functions))("%s may do exactly what it needs", (role, needed) => {
  expect(rights[role]).toEqual([...needed, ...logs(role)].toSorted());
});

test("a state machine may invoke the function behind its tasks and nothing else", () => {
  expect(rights.SagasLoanPeriodMachine).toEqual(["lambda:InvokeFunction on SagasLoanPeriodTaskFunction"]);
});

test("there is no other role, and no role has an AWS managed policy", () => {
  expect(Object.keys(rights).toSorted()).toEqual(
    [...Object.keys(functions), "SagasLoanPeriodMachine"].toSorted(),
  );
  expect(managedPoliciesOf(template)).toEqual([]);
});

test("no statement has all resources or an action with a wildcard", () => {
  for (const right of Object.values(rights).flat()) {
    expect(right).not.toMatch(/ on \*$/);
    expect(right.split(" on ")[0]).not.toContain("*");
  }
});

test("no role may change or delete an event", () => {
  for (const right of Object.values(rights)
    .flat()
    .filter((each) => each.endsWith(" on StorageEvents")))
    expect(append).toContain(right);
});
