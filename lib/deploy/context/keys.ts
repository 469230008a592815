/**
 * The context keys, `-c name=value`, and what each takes. To add one, add a row here and in `table.ts`. An unknown key is
 * refused, and so is a value that its row does not take, even if no other key makes any use of it.
 */
import { closestMatch } from "leven";

/** The first value is the default. */
export const offered = {
  bus: ["eventbridge", "kafka", "rabbitmq"],
  /** `auto` is the cheapest engine a saga can run on: Express if none of its steps waits, else standard executions. */
  saga: ["auto", "step-functions", "express", "choreography"],
  mail: ["ses", "smtp"],
  public: ["false", "true"],
  rabbitmqDeployment: ["single", "cluster"],
  kafkaCluster: ["create", "open"],
} as const;

/** `example` shows people what the pattern takes. */
export const texts = {
  issuer: { pattern: /^https:\/\/\S+$/, example: "https://id.example.com" },
  audience: { pattern: /\S/, example: "https://api.example.com" },
  cors: {
    pattern: /^https?:\/\/[^\s,/*@]+(,https?:\/\/[^\s,/*@]+)*$/,
    example: "https://shop.example,https://admin.example",
  },
  sender: { pattern: /^[^\s@]+@[^\s@]+$/, example: "shop@example.com" },
  /** With a password in it, the URL is a reference into Secrets Manager that a deployment resolves. */
  smtp: {
    pattern: /^(smtps?:\/\/[^/]+\/?|\{\{resolve:secretsmanager:.+\}\})$/,
    example: "smtp://host:port, smtps://host or {{resolve:secretsmanager:NAME}}",
  },
  kafka: { pattern: /^[^\s,:/]+:\d+(,[^\s,:/]+:\d+)*$/, example: "host:port,host:port" },
  kafkaSecret: { pattern: /^arn:[^:]+:secretsmanager:/, example: "arn:aws:secretsmanager:…" },
  msk: {
    pattern: /^arn:[^:]+:kafka:[^:]+:[^:]+:cluster\/[^/]+\/[^/]+$/,
    example: "arn:aws:kafka:…:cluster/name/uuid",
  },
  rabbitmq: { pattern: /^amqps?:\/\/\S+$/, example: "amqps://host:5671" },
  rabbitmqBroker: { pattern: /^(create$|arn:[^:]+:mq:)/, example: "arn:aws:mq:… or create" },
  rabbitmqSecret: { pattern: /^arn:[^:]+:secretsmanager:/, example: "arn:aws:secretsmanager:…" },
} as const;

export type Choice = keyof typeof offered;
export type Text = keyof typeof texts;

/** Chooses the engine of one saga: `saga.checkout`. */
export const sagaKey = (saga: string): string => `saga.${saga}`;

/** The CDK CLI writes these into the context by itself. Its other keys have a `/` or a `:`. */
const ofCdk: readonly string[] = ["acknowledged-issue-numbers", "cli-telemetry"];

const isOfCdk = (name: string): boolean => /[/:]/.test(name) || ofCdk.includes(name);

const entryOf = <Row>(rows: Readonly<Record<string, Row>>, name: string): Row | undefined =>
  Object.hasOwn(rows, name) ? rows[name] : undefined;

/** The keys that an application reads itself, and the values of each. The first value is the default. */
export type OwnKeys = Readonly<Record<string, readonly string[]>>;

const checkValue = (name: string, value: unknown, sagas: readonly string[], own: OwnKeys): void => {
  const values = sagas.includes(name)
    ? offered.saga
    : entryOf<readonly string[]>({ ...own, ...offered }, name);
  if (values && !values.includes(`${value}`))
    throw new Error(`context ${name}=${value}: must be one of ${values.join(", ")}`);
  const text = entryOf<{ readonly pattern: RegExp; readonly example: string }>(texts, name);
  if (text && !(typeof value === "string" && text.pattern.test(value)))
    throw new Error(`context ${name}=${value}: must be like ${text.example}`);
};

/**
 * Throws, with a message for people, on a key that is neither one of ours, nor of the application (`own`), nor of CDK,
 * and on a value that its key does not take. `sagas` are the names of the sagas.
 */
export const checkContext = (
  given: Readonly<Record<string, unknown>>,
  { sagas, own }: { readonly sagas: readonly string[]; readonly own: OwnKeys },
): void => {
  const ofSagas = sagas.map(sagaKey);
  const known = [...Object.keys(offered), ...Object.keys(texts), ...ofSagas, ...Object.keys(own)];
  for (const [name, value] of Object.entries(given).filter(([name]) => !isOfCdk(name))) {
    if (!known.includes(name))
      throw new Error(
        `context ${name}=${value}: there is no such key; the nearest is ${closestMatch(name, known)}`,
      );
    checkValue(name, value, ofSagas, own);
  }
};
