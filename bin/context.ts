/**
 * What may be chosen with `-c name=value`. To offer another technology, add it to the values of its name, and to
 * `technologies.ts`.
 */
import type { Guard } from "../lib/constructs/http-api.ts";

/**
 * The first is the default. `auto` is the cheapest that a saga can run on: Express where no step of it waits, else
 * standard executions.
 */
const offered = {
  bus: ["eventbridge", "kafka", "rabbitmq"],
  saga: ["auto", "step-functions", "express", "choreography"],
  payments: ["sandbox"],
  mail: ["ses", "smtp"],
} as const;

type Offered = typeof offered;

/** A bus with brokers of its own, and how to reach them; EventBridge is made with the stack. */
export type Brokers =
  | { readonly bus: "eventbridge" }
  | {
      readonly bus: "kafka";
      readonly brokers: readonly string[];
      /** Asks for a name and a password; or, with Amazon MSK, for the role. */
      readonly secretArn?: string;
      readonly clusterArn?: string;
    }
  | { readonly bus: "rabbitmq"; readonly create: "single" | "cluster" }
  | {
      readonly bus: "rabbitmq";
      readonly url: string;
      readonly brokerArn: string;
      readonly secretArn: string;
    };

export type Choices = {
  readonly [Name in keyof Offered]: Offered[Name][number];
} & {
  /** For sagas that go by another engine than all others, `-c saga.checkout=choreography`. */
  readonly sagas: Readonly<Record<string, Offered["saga"][number]>>;
  readonly brokers: Brokers;
  /** A Kafka of Amazon MSK in a stack of its own: `create` makes it, and `open` then opens it to the public. */
  readonly kafkaCluster?: (typeof kafkaClusters)[number];
  /** The address that mail comes from. */
  readonly sender: string;
  /** The server that mail goes to by SMTP; there exactly where it does. */
  readonly smtp?: string;
};

type Lookup = (name: string) => unknown;

const oneOf = <Value extends string>(values: readonly Value[], name: string, value: unknown): Value => {
  const found = values.find((each) => each === value);
  if (found === undefined) throw new Error(`context ${name}=${value}: possible is ${values.join(", ")}`);
  return found;
};

const choice = <Name extends keyof Offered>(lookup: Lookup, name: Name): Offered[Name][number] => {
  const values: readonly Offered[Name][number][] = offered[name];
  return oneOf(values, name, lookup(name) ?? values[0]);
};

const sagasOf = (lookup: Lookup, sagas: readonly string[]): Choices["sagas"] =>
  Object.fromEntries(
    sagas
      .map((saga) => [saga, lookup(`saga.${saga}`)] as const)
      .filter(([, value]) => value !== undefined)
      .map(([saga, value]) => [saga, oneOf(offered.saga, `saga.${saga}`, value)]),
  );

const text = (lookup: Lookup, name: string): string | undefined => {
  const value = lookup(name);
  if (value === undefined || (typeof value === "string" && value !== "")) return value;
  throw new Error(`context ${name}=${value}: a text is expected`);
};

const flag = (lookup: Lookup, name: string): boolean => {
  const value = lookup(name) ?? false;
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw new Error(`context ${name}=${value}: possible is true, false`);
};

const guardOf = (lookup: Lookup): Guard => {
  const issuer = text(lookup, "issuer");
  const audience = text(lookup, "audience");
  const isOpen = flag(lookup, "public");
  if ((issuer === undefined) !== (audience === undefined))
    throw new Error(`context issuer=${issuer} audience=${audience}: the one needs the other`);
  if (isOpen && issuer !== undefined)
    throw new Error("context public=true issuer=…: an API is either open or guarded by tokens");
  if (isOpen) return { kind: "open" };
  return issuer !== undefined && audience !== undefined ? { kind: "jwt", issuer, audience } : { kind: "iam" };
};

/** With a password in it, the URL is a reference into Secrets Manager that a deployment resolves. */
const smtpUrl = /^(smtps?:\/\/[^/]+\/?|\{\{resolve:secretsmanager:.+\}\})$/;

const serverOf = (lookup: Lookup, mail: Choices["mail"]): Pick<Choices, "smtp"> => {
  const smtp = text(lookup, "smtp");
  if ((mail === "smtp") !== (smtp !== undefined))
    throw new Error(`context mail=${mail} smtp=${smtp}: mail=smtp and smtp=smtps://host need each other`);
  if (smtp !== undefined && !smtpUrl.test(smtp))
    throw new Error(
      `context smtp=${smtp}: possible is smtp://host:port, smtps://host, {{resolve:secretsmanager:NAME}}`,
    );
  return smtp === undefined ? {} : { smtp };
};

const needed = (lookup: Lookup, name: string, pattern: RegExp, example: string): string => {
  const value = text(lookup, name);
  if (value !== undefined && pattern.test(value)) return value;
  throw new Error(`context ${name}=${value}: bus=${lookup("bus")} needs ${name}=${example}`);
};

const kafkaBrokers = /^[^\s,:/]+:\d+(,[^\s,:/]+:\d+)*$/;
const amqpUrl = /^amqps?:\/\/\S+$/;
const deployments = ["single", "cluster"] as const;
const kafkaClusters = ["create", "open"] as const;
const mqBroker = /^arn:[^:]+:mq:/;
const mskCluster = /^arn:[^:]+:kafka:[^:]+:[^:]+:cluster\/[^/]+\/[^/]+$/;
const secretArn = /^arn:[^:]+:secretsmanager:/;

/** Of a broker that is made with the stack. */
const deploymentOf = (lookup: Lookup): (typeof deployments)[number] => {
  const name = "rabbitmqDeployment";
  const found = oneOf(deployments, name, lookup(name) ?? deployments[0]);
  for (const name of ["rabbitmq", "rabbitmqSecret"])
    if (lookup(name) !== undefined)
      throw new Error(`context ${name}=${lookup(name)}: rabbitmqBroker=create makes its own`);
  return found;
};

const rabbitMqOf = (lookup: Lookup): Brokers => {
  const bus = "rabbitmq";
  if (lookup("rabbitmqBroker") === "create") return { bus, create: deploymentOf(lookup) };
  if (lookup("rabbitmqDeployment") !== undefined)
    throw new Error("context rabbitmqDeployment=…: only rabbitmqBroker=create makes a broker");
  return {
    bus,
    url: needed(lookup, "rabbitmq", amqpUrl, "amqps://host:5671"),
    brokerArn: needed(lookup, "rabbitmqBroker", mqBroker, "arn:aws:mq:… or rabbitmqBroker=create"),
    secretArn: needed(lookup, "rabbitmqSecret", secretArn, "arn:aws:secretsmanager:…"),
  };
};

const kafkaOf = (lookup: Lookup): Brokers => {
  const bus = "kafka";
  const brokers = needed(lookup, bus, kafkaBrokers, "host:port,host:port").split(",");
  const [hasSecret, hasCluster] = ["kafkaSecret", "msk"].map((name) => text(lookup, name) !== undefined);
  if (hasSecret && hasCluster)
    throw new Error(
      "context kafkaSecret=… msk=…: functions sign in with a secret or by their roles, not both",
    );
  return {
    bus,
    brokers,
    ...(hasSecret && {
      secretArn: needed(lookup, "kafkaSecret", secretArn, "arn:aws:secretsmanager:…"),
    }),
    ...(hasCluster && { clusterArn: needed(lookup, "msk", mskCluster, "arn:aws:kafka:…:cluster/name/uuid") }),
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
  const value = lookup("kafkaCluster");
  return value === undefined ? {} : { kafkaCluster: oneOf(kafkaClusters, "kafkaCluster", value) };
};

/** `sagas` are the names of those that may have an engine of their own. */
export const contextOf = (
  lookup: Lookup,
  sagas: readonly string[] = [],
): Choices & { readonly guard: Guard } => ({
  bus: choice(lookup, "bus"),
  brokers: brokersOf(lookup, choice(lookup, "bus")),
  ...kafkaClusterOf(lookup),
  saga: choice(lookup, "saga"),
  sagas: sagasOf(lookup, sagas),
  payments: choice(lookup, "payments"),
  mail: choice(lookup, "mail"),
  ...serverOf(lookup, choice(lookup, "mail")),
  sender: text(lookup, "sender") ?? "shop@example.com",
  guard: guardOf(lookup),
});
