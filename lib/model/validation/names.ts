/**
 * An application's names become names of resources, tables, variables, indexes, topics, queues, paths, streams and
 * ids. There is one rule per use. A name that fits its rule works with every bus and every engine. To add a use,
 * add a row.
 */
import type { AnyApplication } from "../application.ts";
import type { Route } from "../http/route.ts";
import { repeated } from "./rule.ts";

type Rule = {
  readonly pattern: RegExp;
  /** The pattern in words, for the message. */
  readonly expected: string;
  readonly least?: number;
  readonly most: number;
  /** Names that fit the pattern and already have a meaning. */
  readonly reserved?: readonly (readonly [pattern: RegExp, because: string])[];
};

const ofObjects = [
  new RegExp(`^(${Object.getOwnPropertyNames(Object.prototype).join("|")})$`),
  "every JavaScript object has a member of this name",
] as const;

const rules = {
  /** The stack, the bus, the API and the source of events. Names of buckets, topics and queues begin with it. */
  application: {
    pattern: /^[A-Za-z][A-Za-z0-9-]*$/,
    expected: "letters, digits and dashes, a letter first",
    most: 64,
    reserved: [
      [/^amq$/, "RabbitMQ reserves names that begin with amq."],
      [/^(xn--|sthree-|amzn-s3-demo-)/i, "S3 reserves names of buckets with this prefix"],
    ],
  },
  /** The first part of stream ids, and a part of topics, routing keys and command ids. */
  decider: {
    pattern: /^[A-Za-z][A-Za-z0-9_]*$/,
    expected: "letters, digits and _, a letter first",
    most: 64,
    reserved: [ofObjects],
  },
  /** Events and commands: detail types, routing keys, headers in Kafka, keys in documents. */
  type: {
    pattern: /^[A-Za-z][A-Za-z0-9_-]*$/,
    expected: "letters, digits, _ and dashes, a letter first",
    most: 128,
    reserved: [ofObjects],
  },
  /** A table, an environment variable and a consumer of parked streams. */
  projection: {
    pattern: /^[A-Za-z][A-Za-z0-9_-]*$/,
    expected: "letters, digits, _ and dashes, a letter first",
    most: 64,
    reserved: [[/^(project|relay)$/, "streams that no projection can read are parked under this name"]],
  },
  /** An index in DynamoDB. */
  index: {
    pattern: /^[A-Za-z0-9_.-]+$/,
    expected: "letters, digits, _, dots and dashes",
    least: 3,
    most: 200,
  },
  /** A scope of OAuth 2.0 (RFC 6749, section 3.3), with the length that API Gateway takes. */
  access: {
    pattern: /^[\x21\x23-\x5b\x5d-\x7e]+$/,
    expected: 'visible ASCII characters without " and \\',
    most: 64,
  },
  /** The field of an index, which is a query parameter of the lists that read the index. */
  indexField: {
    pattern: /^[A-Za-z0-9_.-]+$/,
    expected: "letters, digits, _, dots and dashes",
    most: 64,
    reserved: [[/^(limit|next)$/, "every list has a query parameter of this name"]],
  },
  /** An effect, a saga or a translator: resources, queues, topics, variables, and the first part of command ids. */
  handler: {
    pattern: /^[a-z][a-z0-9-]*$/,
    expected: "a-z, 0-9 and dashes, a letter first",
    most: 64,
    reserved: [
      [/^http$/, "ids of commands that arrive over HTTP begin with it"],
      [/^publish$/, "the documents use it for the events that the application publishes"],
    ],
  },
  /** A part of command ids and of state names, the longest of which is "Park Undo STEP". */
  step: {
    pattern: /^[a-z][a-z0-9-]*$/,
    expected: "a-z, 0-9 and dashes, a letter first",
    most: 70,
    reserved: [[/^(complete|abandon|undo-.*)$/, "a task that is not a step has this name"]],
  },
  /** Another system, which is the source of its events. Topics begin with it, and exchanges end with it. */
  source: {
    pattern: /^[A-Za-z][A-Za-z0-9._-]*$/,
    expected: "letters, digits, dots, dashes and _, a letter first",
    most: 64,
  },
  /** The end of a topic and the first word of routing keys, in which RabbitMQ separates words with dots. */
  channel: {
    pattern: /^[A-Za-z][A-Za-z0-9_-]*$/,
    expected: "letters, digits, dashes and _, a letter first",
    most: 64,
  },
  /** The type of an event of another system: a detail type and the last words of routing keys. */
  foreignType: {
    pattern: /^(?!.*[*#])[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/,
    expected: "visible ASCII characters without * and #",
    most: 128,
  },
} as const satisfies Readonly<Record<string, Rule>>;

/** What a name is used for. */
export type Use = keyof typeof rules;

const sizeOf = ({ least = 1, most }: Rule): string => `${least} to ${most} characters`;

/** What is wrong with a name for this use. Empty if the name fits. */
export const nameFaults = (use: Use, where: string, name: string): readonly string[] => {
  const rule: Rule = rules[use];
  const fits = rule.pattern.test(name) && name.length >= (rule.least ?? 1) && name.length <= rule.most;
  if (!fits) return [`${where}: expected ${sizeOf(rule)}: ${rule.expected}; got ${JSON.stringify(name)}`];
  return (rule.reserved ?? [])
    .filter(([reserved]) => reserved.test(name))
    .map(
      ([, because]) =>
        `${where}: expected a name that is not reserved, got ${name}: ${because}; choose another name`,
    );
};

/** A segment of a path: characters that URLs do not escape, or a parameter. */
const segment = /^([A-Za-z0-9._~-]+|\{\w+\})$/;

/** The longest route key in API Gateway. */
const routeKeyMax = 128;

const segmentFaults = (path: string): readonly string[] => {
  if (path === "/") return [];
  if (!path.startsWith("/")) return [`expected a path that begins with /; got ${JSON.stringify(path)}`];
  const segments = path.slice(1).split("/");
  return segments
    .filter((each) => !segment.test(each) || each === "." || each === "..")
    .map(
      (each) =>
        `expected segments of letters, digits, dots, dashes, _ and ~, or a parameter as {name}; got ${JSON.stringify(each)}`,
    );
};

/** What is wrong with the path of a route, or with its location. */
export const pathFaults = (where: string, path: string): readonly string[] => [
  ...segmentFaults(path).map((fault) => `${where}: ${fault}`),
  ...repeated([...path.matchAll(/\{\w+\}/g)].map(([parameter]) => parameter)).map(
    (parameter) => `${where}: expected each parameter once; got ${parameter} twice`,
  ),
];

const routeFaults = (route: Route): readonly string[] => {
  const { method, path } = route;
  const where = `${method} ${path}`;
  return [
    ...pathFaults(where, path),
    ...("location" in route && route.location !== undefined
      ? pathFaults(`${where}, location ${route.location}`, route.location)
      : []),
    ...(where.length > routeKeyMax
      ? [`${where}: expected at most ${routeKeyMax} characters, method included; got ${where.length}`]
      : []),
    ...(/^\/_local(\/|$)/.test(path)
      ? [`${where}: expected a path outside /_local, where the local cloud answers; choose another path`]
      : []),
  ];
};

/** The largest number of indexes that a table in DynamoDB can have. */
const indexesMax = 20;

type Named = Pick<
  AnyApplication,
  "name" | "deciders" | "projections" | "sagas" | "translators" | "access" | "routes"
> & {
  readonly effects: readonly { readonly name: string }[];
};

/** Every name that does not fit its use, with its place. */
export const unfitNames = (application: Named): readonly string[] => {
  const { name, deciders, projections, effects, sagas, translators = [], access, routes } = application;
  return [
    ...nameFaults("application", `application ${name}`, name),
    ...access.flatMap((each) => nameFaults("access", `application ${name}, access`, each)),
    ...deciders.flatMap((decider) => [
      ...nameFaults("decider", `decider ${decider.name}`, decider.name),
      ...[...Object.keys(decider.events), ...Object.keys(decider.commands)].flatMap((type) =>
        nameFaults("type", `decider ${decider.name}, ${type}`, type),
      ),
    ]),
    ...projections.flatMap(({ name, indexes = {} }) => [
      ...nameFaults("projection", `projection ${name}`, name),
      ...Object.entries(indexes).flatMap(([index, { by }]) => [
        ...nameFaults("index", `projection ${name}, index ${index}`, index),
        ...(by === undefined
          ? []
          : nameFaults("indexField", `projection ${name}, index ${index} by ${by}`, by)),
      ]),
      ...(Object.keys(indexes).length > indexesMax
        ? [`projection ${name}: expected at most ${indexesMax} indexes; got ${Object.keys(indexes).length}`]
        : []),
    ]),
    ...effects.flatMap(({ name }) => nameFaults("handler", `effect ${name}`, name)),
    ...sagas.flatMap(({ name, steps }) => [
      ...nameFaults("handler", `saga ${name}`, name),
      ...steps.flatMap((step) => nameFaults("step", `saga ${name}, step ${step.name}`, step.name)),
    ]),
    ...translators.flatMap(({ name: translator, source, channel, type }) => [
      ...nameFaults("handler", `translator ${translator}`, translator),
      ...nameFaults("source", `translator ${translator}, source`, source),
      ...nameFaults("channel", `translator ${translator}, channel`, channel),
      ...nameFaults("foreignType", `translator ${translator}, type`, type),
      ...(source.startsWith(`${name}.`)
        ? [
            `translator ${translator}, source: expected the name of another system; got ${source}, but names that begin with ${name}. belong to the application`,
          ]
        : []),
    ]),
    ...routes.flatMap(routeFaults),
  ];
};
