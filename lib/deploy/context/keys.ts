/**
 * The context keys, `-c name=value`, and the values of each. To add a key, add a row here and in `table.ts`. Unknown keys
 * and invalid values are refused, even if the chosen technologies do not use the key.
 */
import { closestMatch } from "leven";
import { either } from "../../model/either.ts";
import { shown } from "./passwords.ts";

/** The first value is the default. */
export const offered = {
  bus: ["eventbridge", "kafka", "rabbitmq"],
  /** `auto` is a choreography for a saga in which no step waits, and a state machine otherwise. */
  saga: ["auto", "step-functions", "choreography"],
  mail: ["ses", "smtp"],
  public: ["false", "true"],
  iamCallers: ["exempt", "owner"],
  /** The lowest level of log lines that are kept. */
  logLevel: ["info", "debug", "warn", "error"],
  tracing: ["off", "xray"],
  rabbitmqDeployment: ["single", "cluster"],
  kafkaCluster: ["create", "open"],
} as const;

/** What a message says about an engine that earlier versions had. Undefined for every other value. */
export const formerEngine = (value: unknown): string | undefined =>
  value === "express"
    ? "Express is not offered any more, because a choreography runs the same sagas and costs less; choose auto, " +
      "which is a choreography for a saga in which no step waits"
    : undefined;

/** `example` is a value that the pattern accepts, for messages. */
export const texts = {
  /** The issuer of the local cloud is on the same machine, without TLS. */
  issuer: { pattern: /^(https:\/\/\S+|http:\/\/127\.0\.0\.1:\d+\/\S*)$/, example: "https://id.example.com" },
  audience: { pattern: /\S/, example: "https://api.example.com" },
  cors: {
    pattern: /^https?:\/\/[^\s,/*@]+(,https?:\/\/[^\s,/*@]+)*$/,
    example: "https://shop.example,https://admin.example",
  },
  throttle: { pattern: /\S/, example: "100,200" },
  sender: { pattern: /^[^\s@]+@[^\s@]+$/, example: "shop@example.com" },
  /** A URL with a password must be a Secrets Manager reference, which is resolved during deployment. */
  smtp: {
    pattern: /^(smtps?:\/\/[^/]+\/?|\{\{resolve:secretsmanager:.+\}\})$/,
    example: "smtp://host:port, smtps://host or {{resolve:secretsmanager:NAME}}",
  },
  alarms: { pattern: /^\S+$/, example: "ops@example.com or arn:aws:sns:…:topic" },
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

/** A key whose value is one of a list. */
export type Choice = keyof typeof offered;
/** A key whose value is free text. */
export type Text = keyof typeof texts;

/** The key that chooses the engine of one saga: `saga.checkout`. */
export const sagaKey = (saga: string): string => `saga.${saga}`;

/** Says that the application has no saga of this name. Undefined if it has. `sagas` are the names of its sagas. */
export const unknownSaga = (saga: string, sagas: readonly string[]): string | undefined => {
  if (sagas.includes(saga)) return undefined;
  return `there is no saga ${saga}; ${sagas.length > 0 ? `expected ${either(sagas)}` : "the application has none"}`;
};

/** The saga that a key names, with a name that may be unknown: `checkout` in `saga.checkout`. */
export const sagaIn = (key: string): string | undefined =>
  key.startsWith(sagaKey("")) ? key.slice(sagaKey("").length) : undefined;

/** The CDK CLI adds these keys itself. Its other keys contain a `/` or a `:`. */
const ofCdk: readonly string[] = ["acknowledged-issue-numbers", "cli-telemetry"];

const isOfCdk = (name: string): boolean => /[/:]/.test(name) || ofCdk.includes(name);

const entryOf = <Row>(rows: Readonly<Record<string, Row>>, name: string): Row | undefined =>
  Object.hasOwn(rows, name) ? rows[name] : undefined;

/** An application's own keys with their values. The first value is the default. */
export type OwnKeys = Readonly<Record<string, readonly string[]>>;

const checkValue = (name: string, value: unknown, sagas: readonly string[], own: OwnKeys): void => {
  const values = sagas.includes(name)
    ? offered.saga
    : entryOf<readonly string[]>({ ...own, ...offered }, name);
  if (values && !values.includes(`${value}`)) {
    const former = values === offered.saga ? formerEngine(value) : undefined;
    throw new Error(`context ${name}=${shown(value)}: ${former ?? `must be one of ${values.join(", ")}`}`);
  }
  const text = entryOf<{ readonly pattern: RegExp; readonly example: string }>(texts, name);
  if (text && !(typeof value === "string" && text.pattern.test(value)))
    throw new Error(`context ${name}=${shown(value)}: must be like ${text.example}`);
};

/**
 * Throws if a key is unknown, that is, neither ours, nor the application's (`own`), nor the CDK's, or if its value is
 * invalid. `sagas` are the names of the sagas.
 */
export const checkContext = (
  given: Readonly<Record<string, unknown>>,
  { sagas, own }: { readonly sagas: readonly string[]; readonly own: OwnKeys },
): void => {
  const ofSagas = sagas.map(sagaKey);
  const known = [...Object.keys(offered), ...Object.keys(texts), ...ofSagas, ...Object.keys(own)];
  for (const [name, value] of Object.entries(given).filter(([name]) => !isOfCdk(name))) {
    const saga = known.includes(name) ? undefined : sagaIn(name);
    if (saga !== undefined) throw new Error(`context ${name}=${shown(value)}: ${unknownSaga(saga, sagas)}`);
    if (!known.includes(name))
      throw new Error(
        `context ${name}=${shown(value)}: unknown key; did you mean ${closestMatch(name, known)}?`,
      );
    checkValue(name, value, ofSagas, own);
  }
};
