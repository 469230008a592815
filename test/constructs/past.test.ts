/**
 * A message of an old type may come back from an archive, a queue or a dead letter. So a subscription to today's type
 * includes the old types, on every bus.
 */
import { describe, expect, test } from "vitest";
import { kafkaResources } from "../../lib/adapters/kafka/construct.ts";
import { rabbitMqResources } from "../../lib/adapters/rabbitmq/construct.ts";
import { bindingKeys } from "../../lib/adapters/rabbitmq/routing-key.ts";
import type { Bus } from "../../lib/constructs/ports.ts";
import { interestOfEffect, interestOfSaga, wants } from "../../lib/model/delivery/interest.ts";
import { lift, old, part, split, today } from "../../lib/model/events/past.ts";
import type { RecordedEvent } from "../../lib/model/message.ts";
import { recordedEvent } from "../../lib/testing/contracts/samples/recorded-event.ts";
import { application, technologies, templateOf } from "../library/fixtures/small-library.ts";
import { loan } from "../library/lib/loans/loan.ts";

const lent = { loanId: "1", bookId: "emma", memberId: "ada", phone: "+441632960001" };
const { LoanConfirmed, BookReturned } = loan.events;
const confirmed = today(loan.events, "LoanConfirmed");
const dueDate = today(loan.events, "DueDateSet");

const past = [
  lift(old("MemberWarned", 1, LoanConfirmed, lent), today(loan.events, "MemberReminded"), (data) => data),
  split(old("LentUntil", 1, LoanConfirmed, lent), [confirmed, dueDate], (data, { recordedAt: due }) => [
    part(confirmed, data),
    part(dueDate, { loanId: data.loanId, due }),
  ]),
  lift(
    old("BookBroughtBack", 1, BookReturned, { loanId: "1", bookId: "emma", memberId: "ada" }),
    today(loan.events, "BookReturned"),
    (data) => data,
  ),
];

const deciders = application.deciders.map((each) => (each.name === loan.name ? { ...each, past } : each));
const projections = application.projections.map((each) => ({
  ...each,
  sources: each.sources.map((source) => deciders.find(({ name }) => name === source.name) ?? source),
}));
const changed = { ...application, deciders, projections };

const ofEffect = ["MemberReminded", "MemberWarned"];
const ofSaga = ["BookBroughtBack", "BookReturned", "CommandResumed", "LentUntil", "LoanConfirmed"];

const of = (type: string): RecordedEvent => ({ ...recordedEvent(1), type });

describe("an interest has the old types", () => {
  const rows = [
    ...application.effects
      .filter(({ name }) => name === "send-reminder")
      .map((effect) => ["effect", interestOfEffect(effect, deciders), ofEffect] as const),
    ...application.sagas.map((saga) => ["saga", interestOfSaga(saga, deciders), ofSaga] as const),
  ];
  test.each(rows)("%s", (_, interest, types) => {
    expect(interest.eventTypes.toSorted()).toEqual(types);
    expect(types.map(of).filter(wants(interest))).toHaveLength(types.length);
    expect(wants(interest)(of("MemberJoined"))).toBe(false);
  });
});

const secretArn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:broker-AbCdEf";
const brokerArn = "arn:aws:mq:eu-central-1:123456789012:broker:shop:b-1";

const resourcesOf = (type: string, bus: Bus = technologies.bus) => {
  const options = { application: changed, technologies: { ...technologies, bus } };
  return Object.entries(templateOf({ kind: "iam" }, options).findResources(type));
};

test("a rule of EventBridge passes the old types", () => {
  const patternOf = (part: string) =>
    resourcesOf("AWS::Events::Rule").find(([id]) => id.includes(part))?.[1].Properties.EventPattern;
  expect(patternOf("EffectsSendReminder")["detail-type"].toSorted()).toEqual(ofEffect);
  expect(patternOf("SagasLoanPeriod").$or[0]["detail-type"].toSorted()).toEqual(ofSaga);
  expect(patternOf("Repair")["detail-type"]).toEqual(
    expect.arrayContaining(["LentUntil", "MemberWarned", "BookBroughtBack"]),
  );
});

test("a function that reads topics of Kafka passes the old types", () => {
  const bus = kafkaResources({ brokers: ["a.example.org:9092"] });
  const functions = resourcesOf("AWS::Lambda::Function", bus);
  const typesOf = (part: string) => {
    const found = functions.find(([id, { Properties }]) => {
      const { KAFKA_INTEREST } = Properties.Environment.Variables;
      return id.includes(part) && KAFKA_INTEREST !== undefined;
    });
    return JSON.parse(found?.[1].Properties.Environment.Variables.KAFKA_INTEREST).eventTypes.toSorted();
  };
  expect(typesOf("EffectsSendReminder")).toEqual(ofEffect);
  expect(typesOf("SagasLoanPeriod")).toEqual(ofSaga);
});

test("a queue of RabbitMQ is bound by the old types", () => {
  const bus = rabbitMqResources({ url: "amqps://b-1.mq.eu-central-1.on.aws:5671", brokerArn, secretArn });
  const functions = resourcesOf("AWS::Lambda::Function", bus);
  const [declared] = functions.flatMap(([, { Properties }]) => {
    const { EVENT_SUBSCRIPTIONS } = Properties.Environment.Variables;
    return EVENT_SUBSCRIPTIONS === undefined ? [] : [JSON.parse(EVENT_SUBSCRIPTIONS)];
  });
  const keysOf = (name: string) =>
    bindingKeys(declared.find((each: { readonly name: string }) => each.name === name)).toSorted();
  expect(keysOf("send-reminder")).toEqual(ofEffect.map((type) => `*.${type}`));
  expect(keysOf("loan-period")).toEqual([...ofSaga.map((type) => `*.${type}`), "saga.loan-period.others"]);
});
