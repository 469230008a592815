/**
 * What may be chosen with `-c name=value`. To offer another technology, add it to the values of its name in
 * `context/keys.ts`, and to `technologies.ts`.
 */
import type { Guard } from "../../constructs/http-api/guard.ts";
import type { HttpApiOptions } from "../../constructs/http-api/http-api.ts";
import { type Choice, checkContext, type OwnKeys, offered, sagaKey, type Text, texts } from "./keys.ts";
import { originsIn } from "./origins.ts";

type Offered = typeof offered;

/** How to reach the brokers of a bus that has its own. EventBridge is made with the stack. */
export type Brokers =
  | { readonly bus: "eventbridge" }
  | {
      readonly bus: "kafka";
      readonly brokers: readonly string[];
      /** Asks for a name and a password; or, with Amazon MSK, for the role. */
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

export type Choices = {
  readonly [Name in "bus" | "saga" | "mail"]: Offered[Name][number];
} & {
  /** The engine of each saga that has its own, `-c saga.checkout=choreography`. */
  readonly sagas: Readonly<Record<string, Offered["saga"][number]>>;
  /** The value of each key that the application reads. */
  readonly own: Readonly<Record<string, string>>;
  readonly brokers: Brokers;
  /** A Kafka of Amazon MSK in a stack of its own: `create` makes it, and `open` then opens it to the public. */
  readonly kafkaCluster?: Offered["kafkaCluster"][number];
  /** The address that mail comes from. */
  readonly sender: string;
  /** The server that mail goes to by SMTP, if it does. */
  readonly smtp?: string;
};

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
  throw new Error(`context ${name} is missing: bus=${lookup("bus")} needs ${name}=${texts[name].example}`);
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
      "context public=true issuer=…: set one of them; an API is either open or guarded by tokens",
    );
  if (isOpen) return { kind: "open" };
  return issuer !== undefined && audience !== undefined ? { kind: "jwt", issuer, audience } : { kind: "iam" };
};

const originsOf = (lookup: Lookup): readonly string[] => {
  const cors = text(lookup, "cors");
  return cors === undefined ? [] : originsIn(cors);
};

const serverOf = (lookup: Lookup, mail: Choices["mail"]): Pick<Choices, "smtp"> => {
  const smtp = text(lookup, "smtp");
  if ((mail === "smtp") !== (smtp !== undefined))
    throw new Error(
      `context mail=${mail} smtp=${smtp}: set both mail=smtp and smtp=smtps://host, or neither`,
    );
  return smtp === undefined ? {} : { smtp };
};

const rabbitMqOf = (lookup: Lookup): Brokers => {
  const bus = "rabbitmq";
  if (lookup("rabbitmqBroker") === "create") {
    for (const name of ["rabbitmq", "rabbitmqSecret"])
      if (lookup(name) !== undefined)
        throw new Error(`context ${name}=${lookup(name)}: leave it out; rabbitmqBroker=create makes its own`);
    return { bus, create: choice(lookup, "rabbitmqDeployment") };
  }
  if (lookup("rabbitmqDeployment") !== undefined)
    throw new Error(
      `context rabbitmqDeployment=${lookup("rabbitmqDeployment")}: it needs rabbitmqBroker=create, which makes a broker`,
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
      "context kafkaSecret=… msk=…: set one of them; functions sign in with a secret or by their roles, not both",
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
 * Throws on a context that it cannot take whole. `sagas` are the names of the sagas, `own` the context keys that the
 * application reads itself.
 */
export const contextOf = (
  given: Readonly<Record<string, unknown>>,
  { sagas = [], own = {} }: { readonly sagas?: readonly string[]; readonly own?: OwnKeys } = {},
): Choices & Pick<HttpApiOptions, "guard" | "origins"> => {
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
    sender: text(lookup, "sender") ?? texts.sender.example,
    guard: guardOf(lookup),
    origins: originsOf(lookup),
  };
};
