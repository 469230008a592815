/**
 * The choices that the context makes, `-c name=value`. To offer another technology, add it to the values of its key in
 * `keys.ts`, and to `technologies.ts`.
 */
import type { AlarmReceiver } from "../../constructs/alarms/receiver.ts";
import type { Guard } from "../../constructs/http-api/guard.ts";
import type { HttpApiOptions } from "../../constructs/http-api/http-api.ts";
import { type Choice, checkContext, type OwnKeys, offered, sagaKey, type Text, texts } from "./keys.ts";
import { originsIn } from "./origins.ts";
import { shown } from "./passwords.ts";
import { receiverIn } from "./receiver.ts";
import { throttleIn } from "./throttle.ts";

type Offered = typeof offered;

/** How to connect to the brokers of a bus. EventBridge is part of the stack. */
export type Brokers =
  | { readonly bus: "eventbridge" }
  | {
      readonly bus: "kafka";
      readonly brokers: readonly string[];
      /** The secret with a user name and a password. With `clusterArn`, Amazon MSK, functions sign in by their roles. */
      readonly secretArn?: string;
      readonly clusterArn?: string;
    }
  | { readonly bus: "rabbitmq"; readonly create: Offered["rabbitmqDeployment"][number] }
  | {
      readonly bus: "rabbitmq";
      readonly url: string;
      readonly brokerArn: string;
      readonly secretArn: string;
    };

/** The values that the context chooses. */
export type Choices = {
  readonly [Name in "bus" | "saga" | "mail"]: Offered[Name][number];
} & {
  /** The engines of the sagas that have their own, such as `-c saga.checkout=choreography`. */
  readonly sagas: Readonly<Record<string, Offered["saga"][number]>>;
  /** The values of the application's own keys. */
  readonly own: Readonly<Record<string, string>>;
  readonly brokers: Brokers;
  /** A cluster of Amazon MSK in a separate stack. `create` makes it; `open`, in a later deployment, makes it public. */
  readonly kafkaCluster?: Offered["kafkaCluster"][number];
  /** The sender address of e-mails. */
  readonly sender: string;
  /** The URL of the SMTP server, with `mail=smtp`. */
  readonly smtp?: string;
  /** Who gets the alarms. Absent if they are not sent. */
  readonly alarms?: AlarmReceiver;
};

/** What a deployment records about itself. */
type Observed = { readonly [Name in "logLevel" | "tracing"]: Offered[Name][number] };

type Lookup = (name: string) => unknown;

const givenChoice = <Name extends Choice>(
  lookup: Lookup,
  name: Name,
  key: string = name,
): Offered[Name][number] | undefined => {
  const values: readonly Offered[Name][number][] = offered[name];
  return values.find((each) => each === `${lookup(key)}`);
};

const choice = <Name extends Choice>(lookup: Lookup, name: Name): Offered[Name][number] =>
  givenChoice(lookup, name) ?? offered[name][0];

const text = (lookup: Lookup, name: Text): string | undefined => {
  const value = lookup(name);
  return typeof value === "string" ? value : undefined;
};

const needed = (lookup: Lookup, name: Text): string => {
  const value = text(lookup, name);
  if (value !== undefined) return value;
  throw new Error(
    `context ${name} is missing: bus=${lookup("bus")} needs it; add -c ${name}=${texts[name].example}`,
  );
};

const sagasOf = (lookup: Lookup, sagas: readonly string[]): Choices["sagas"] =>
  Object.fromEntries(
    sagas.flatMap((saga) => {
      const engine = givenChoice(lookup, "saga", sagaKey(saga));
      return engine === undefined ? [] : [[saga, engine]];
    }),
  );

const guardOf = (lookup: Lookup): Guard => {
  const issuer = text(lookup, "issuer");
  const audience = text(lookup, "audience");
  const isOpen = choice(lookup, "public") === "true";
  if ((issuer === undefined) !== (audience === undefined))
    throw new Error(`context issuer=${issuer} audience=${audience}: set both or neither`);
  if (isOpen && issuer !== undefined)
    throw new Error(
      "context public=true issuer=…: set only one of them; an API is either open or guarded by tokens",
    );
  const callers = givenChoice(lookup, "iamCallers");
  if (callers !== undefined && (isOpen || issuer !== undefined))
    throw new Error(
      `context iamCallers=${callers}: remove it, or remove issuer, audience and public; it is for callers that sign with AWS credentials`,
    );
  if (isOpen) return { kind: "open" };
  if (issuer !== undefined && audience !== undefined) return { kind: "jwt", issuer, audience };
  return { kind: "iam", ...(callers && { callers }) };
};

const originsOf = (lookup: Lookup): readonly string[] => {
  const cors = text(lookup, "cors");
  return cors === undefined ? [] : originsIn(cors);
};

const receiverOf = (lookup: Lookup): Pick<Choices, "alarms"> => {
  const alarms = text(lookup, "alarms");
  return alarms === undefined ? {} : { alarms: receiverIn(alarms) };
};

const throttleOf = (lookup: Lookup): Pick<HttpApiOptions, "throttle"> => {
  const throttle = text(lookup, "throttle");
  return throttle === undefined ? {} : { throttle: throttleIn(throttle) };
};

const serverOf = (lookup: Lookup, mail: Choices["mail"]): Pick<Choices, "smtp"> => {
  const smtp = text(lookup, "smtp");
  if ((mail === "smtp") !== (smtp !== undefined))
    throw new Error(
      `context mail=${mail} smtp=${shown(smtp)}: set both mail=smtp and smtp=smtps://host, or neither`,
    );
  return smtp === undefined ? {} : { smtp };
};

const rabbitMqOf = (lookup: Lookup): Brokers => {
  const bus = "rabbitmq";
  if (lookup("rabbitmqBroker") === "create") {
    for (const name of ["rabbitmq", "rabbitmqSecret"])
      if (lookup(name) !== undefined)
        throw new Error(
          `context ${name}=${shown(lookup(name))}: remove it; rabbitmqBroker=create makes its own`,
        );
    return { bus, create: choice(lookup, "rabbitmqDeployment") };
  }
  if (lookup("rabbitmqDeployment") !== undefined)
    throw new Error(
      `context rabbitmqDeployment=${lookup("rabbitmqDeployment")}: add rabbitmqBroker=create, or remove it`,
    );
  return {
    bus,
    url: needed(lookup, "rabbitmq"),
    brokerArn: needed(lookup, "rabbitmqBroker"),
    secretArn: needed(lookup, "rabbitmqSecret"),
  };
};

const kafkaOf = (lookup: Lookup): Brokers => {
  const brokers = needed(lookup, "kafka").split(",");
  const [secretArn, clusterArn] = [text(lookup, "kafkaSecret"), text(lookup, "msk")];
  if (secretArn !== undefined && clusterArn !== undefined)
    throw new Error(
      "context kafkaSecret=… msk=…: set only one of them; functions sign in either with a secret or by their roles",
    );
  return {
    bus: "kafka",
    brokers,
    ...(secretArn !== undefined && { secretArn }),
    ...(clusterArn !== undefined && { clusterArn }),
  };
};

const brokersOf = (lookup: Lookup, bus: Choices["bus"]): Brokers => {
  switch (bus) {
    case "eventbridge":
      return { bus };
    case "kafka":
      return kafkaOf(lookup);
    case "rabbitmq":
      return rabbitMqOf(lookup);
  }
};

const kafkaClusterOf = (lookup: Lookup): Pick<Choices, "kafkaCluster"> => {
  const kafkaCluster = givenChoice(lookup, "kafkaCluster");
  return kafkaCluster === undefined ? {} : { kafkaCluster };
};

/**
 * Throws if a key or a value is invalid, or if two do not fit together. `sagas` are the names of the sagas, `own` the
 * application's own context keys.
 */
export const contextOf = (
  given: Readonly<Record<string, unknown>>,
  { sagas = [], own = {} }: { readonly sagas?: readonly string[]; readonly own?: OwnKeys } = {},
): Choices & Observed & Pick<HttpApiOptions, "guard" | "origins" | "throttle"> => {
  checkContext(given, { sagas, own });
  const lookup: Lookup = (name) => given[name];
  return {
    bus: choice(lookup, "bus"),
    brokers: brokersOf(lookup, choice(lookup, "bus")),
    ...kafkaClusterOf(lookup),
    saga: choice(lookup, "saga"),
    sagas: sagasOf(lookup, sagas),
    own: Object.fromEntries(Object.entries(own).map(([name, [first]]) => [name, `${lookup(name) ?? first}`])),
    mail: choice(lookup, "mail"),
    ...serverOf(lookup, choice(lookup, "mail")),
    ...receiverOf(lookup),
    sender: text(lookup, "sender") ?? texts.sender.example,
    guard: guardOf(lookup),
    origins: originsOf(lookup),
    ...throttleOf(lookup),
    logLevel: choice(lookup, "logLevel"),
    tracing: choice(lookup, "tracing"),
  };
};
