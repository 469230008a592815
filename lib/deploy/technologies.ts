/**
 * The technologies that the shop may run on. To offer another, add its folder to `lib/adapters`, its name to
 * `context.ts`, and a row here.
 */

import { dynamoStorage } from "../adapters/dynamodb/construct.ts";
import { eventBridge } from "../adapters/eventbridge/construct.ts";
import { type KafkaOptions, kafka } from "../adapters/kafka/construct.ts";
import { amazonMq } from "../adapters/rabbitmq/amazon-mq/construct.ts";
import { rabbitMq } from "../adapters/rabbitmq/construct.ts";
import { schedulerDeadlines } from "../adapters/scheduler/construct.ts";
import { sesMailer } from "../adapters/ses/construct.ts";
import { smtpMailer } from "../adapters/smtp/construct.ts";
import { sqsDeadLetters } from "../adapters/sqs/construct.ts";
import { stepFunctions, stepFunctionsExpress } from "../adapters/stepfunctions/construct.ts";
import { system } from "../adapters/system/construct.ts";
import type { Bus, SagaEngines, Technologies } from "../constructs/ports.ts";
import { type AnySaga, stepsThatWait } from "../model/saga.ts";
import { paymentSandbox } from "../shop/payments/sandbox/construct.ts";
import type { ShopServices } from "../shop/shop.ts";
import type { Brokers, Choices } from "./context/context.ts";

const signInTo = ({ secretArn, clusterArn }: Extract<Brokers, { bus: "kafka" }>): KafkaOptions["signIn"] => {
  if (clusterArn !== undefined) return { mechanism: "iam", clusterArn };
  return secretArn === undefined ? undefined : { mechanism: "scram-sha-512", secretArn };
};

const busOn = (brokers: Brokers): Bus => {
  switch (brokers.bus) {
    case "eventbridge":
      return eventBridge;
    case "kafka":
      return kafka({ brokers: brokers.brokers, signIn: signInTo(brokers) });
    case "rabbitmq":
      return "create" in brokers
        ? (scope, options) => rabbitMq(amazonMq(scope, brokers.create))(scope, options)
        : rabbitMq(brokers);
  }
};

const engines: Readonly<Record<Exclude<Choices["saga"], "auto">, SagaEngines>> = {
  "step-functions": { kind: "state-machines", engine: stepFunctions },
  express: { kind: "state-machines", engine: stepFunctionsExpress },
  choreography: { kind: "events", deadlines: schedulerDeadlines },
};

/** Throws where Express should run a saga that it cannot, and says what to write instead. */
const engineOf = (choice: Choices["saga"], saga: AnySaga): SagaEngines => {
  const waiting = stepsThatWait(saga);
  if (choice === "auto") return engines[waiting.length === 0 ? "express" : "step-functions"];
  if (choice !== "express" || waiting.length === 0) return engines[choice];
  const { name } = saga;
  throw new Error(
    `context saga=express: Express cannot run saga ${name}: it has no way to wait, and these steps ` +
      `may wait: ${waiting.join(", ")}; add -c saga.${name}=step-functions or -c saga.${name}=choreography`,
  );
};

const paymentProviders = { sandbox: paymentSandbox } as const;

/** The context keys that the shop reads itself, with their values. The first value is the default. */
export const ownKeys = { payments: Object.keys(paymentProviders) };

const providerNamed = (name: string | undefined) =>
  Object.entries(paymentProviders).find(([each]) => each === name)?.[1] ?? paymentProviders.sandbox;

export const shopOn = ({ brokers, saga, sagas, own, sender, smtp }: Choices): Technologies<ShopServices> => ({
  system,
  storage: dynamoStorage,
  bus: busOn(brokers),
  sagas: (each) => engineOf(sagas[each.name] ?? saga, each),
  deadLetters: sqsDeadLetters,
  services: {
    payments: providerNamed(own.payments),
    mailer: smtp === undefined ? sesMailer(sender) : smtpMailer({ sender, url: smtp }),
  },
  effects: {
    "authorize-payment": ["payments"],
    "release-authorization": ["payments"],
    "send-confirmation": ["mailer"],
  },
});
