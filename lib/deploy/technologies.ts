/**
 * The technologies that an application can run on. To offer another, add its folder to `lib/adapters`, its name to
 * `context/keys.ts`, and a row here.
 */

import { dynamoResources } from "../adapters/dynamodb/construct.ts";
import { eventBridgeResources } from "../adapters/eventbridge/construct.ts";
import { type KafkaOptions, kafkaResources } from "../adapters/kafka/construct.ts";
import { amazonMqResources } from "../adapters/rabbitmq/amazon-mq/construct.ts";
import { rabbitMqResources } from "../adapters/rabbitmq/construct.ts";
import { schedulerResources } from "../adapters/scheduler/construct.ts";
import { sesResources } from "../adapters/ses/construct.ts";
import { smtpResources } from "../adapters/smtp/construct.ts";
import { sqsContinueResources, sqsResources } from "../adapters/sqs/construct.ts";
import { formerExpressResources, stepFunctionsResources } from "../adapters/stepfunctions/construct.ts";
import { systemResources } from "../adapters/system/construct.ts";
import type { Bus, SagaEngines, Service, Technologies } from "../constructs/ports.ts";
import { namesOf, type Renamable } from "../model/names/stored-name.ts";
import { type AnySaga, stepsThatWait } from "../model/saga.ts";
import type { Brokers, Choices } from "./context/context.ts";
import type { OwnKeys } from "./context/keys.ts";

const signInTo = ({ secretArn, clusterArn }: Extract<Brokers, { bus: "kafka" }>): KafkaOptions["signIn"] => {
  if (clusterArn !== undefined) return { mechanism: "iam", clusterArn };
  return secretArn === undefined ? undefined : { mechanism: "scram-sha-512", secretArn };
};

const busOn = (brokers: Brokers): Bus => {
  switch (brokers.bus) {
    case "eventbridge":
      return eventBridgeResources;
    case "kafka":
      return kafkaResources({ brokers: brokers.brokers, signIn: signInTo(brokers) });
    case "rabbitmq":
      return "create" in brokers
        ? (scope, options) => rabbitMqResources(amazonMqResources(scope, brokers.create))(scope, options)
        : rabbitMqResources(brokers);
  }
};

const engines = {
  "step-functions": { kind: "state-machines", engine: stepFunctionsResources },
  choreography: { kind: "events", deadlines: schedulerResources, continues: sqsContinueResources },
} as const satisfies Readonly<Record<Exclude<Choices["saga"], "auto">, SagaEngines>>;

const engineOf = (choice: Choices["saga"], saga: AnySaga): SagaEngines => {
  if (choice !== "auto") return engines[choice];
  if (stepsThatWait(saga).length > 0) return engines["step-functions"];
  return { ...engines.choreography, formerExpress: formerExpressResources };
};

/** What the services of an application may depend on: the values of the context keys that only it reads, and the mailer. */
export type OwnChoices = { readonly own: Choices["own"]; readonly mailer: Service };

/**
 * A generated part of README.md or of a page under docs, between the comments `begin NAME` and `end NAME`. `eventfold
 * document` keeps it current. `file` is its page if no page has these comments. Without `file`,
 * only pages that have them get the part.
 */
export type DocumentPart = { readonly file?: string; readonly name: string; readonly make: () => string };

/** What an application provides for its deployment besides the application value. */
export type OwnTechnologies<Services> = {
  /** The context keys that only this application reads, with their values. The first value is the default. */
  readonly context?: OwnKeys;
  /** A row per service that the effects use. */
  readonly services: (choices: OwnChoices) => { readonly [Name in keyof Services]: Service };
  /** The text that `npm start` prints when the API is ready at this URL. Default: a request for each command. */
  readonly guide?: (url: string) => string;
  /** Generated parts of documents that only this application has. */
  readonly documents?: readonly DocumentPart[];
};

/** The engine that the context chooses for a saga by one of its names. The latest name takes precedence. */
const chosenFor = (sagas: Choices["sagas"], saga: Renamable): Choices["saga"] | undefined =>
  namesOf(saga)
    .map((name) => sagas[name])
    .findLast((engine) => engine !== undefined);

/** The technologies for these choices. */
export const technologiesOn = <Services>(
  own: OwnTechnologies<Services>,
  { brokers, saga, sagas, own: values, sender, smtp }: Choices,
): Technologies<Services> => ({
  system: systemResources,
  storage: dynamoResources,
  bus: busOn(brokers),
  sagas: (each) => engineOf(chosenFor(sagas, each) ?? saga, each),
  deadLetters: sqsResources,
  services: own.services({
    own: values,
    mailer: smtp === undefined ? sesResources(sender) : smtpResources({ sender, url: smtp }),
  }),
});
