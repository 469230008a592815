/**
 * Names that are derived from an application's names. Two names may give the same derived name. `sharedNames` finds
 * them and `validate` refuses them. If you derive a new kind of name, add it to `madeOf`.
 */
import type { AnyApplication } from "../application.ts";
import type { Route } from "../http/route.ts";
import { receipts } from "../message.ts";

/** The logical id in CloudFormation: `SendConfirmation` for `send-confirmation`. */
export const logicalName = (name: string): string =>
  name
    .split("-")
    .map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
    .join("");

/** The name in environment variables: `STOCK_LEVEL` for `stock-level`. */
export const variableName = (name: string): string => name.toUpperCase().replaceAll("-", "_");

const capitalized = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;

/** The operation id in OpenAPI: `getOrdersByOrderIdEvents` for `GET /orders/{orderId}/events`. */
export const operationIdOf = ({ method, path }: Pick<Route, "method" | "path">): string => {
  const words = path
    .split("/")
    .flatMap((part) => (part.startsWith("{") ? ["by", part] : [part]))
    .flatMap((part) => part.split(/\W+/));
  return `${method.toLowerCase()}${words.map(capitalized).join("")}`;
};

/** A derived name, with the part that it is derived from. */
type Made = { readonly of: string; readonly kind: string; readonly name: string };

type Named = Pick<
  AnyApplication,
  "name" | "deciders" | "projections" | "sagas" | "translators" | "routes"
> & {
  readonly effects: readonly { readonly name: string }[];
};

/** Kafka refuses a topic that differs from another one only in dots and underscores. */
const topicOf = (...parts: readonly string[]): string => parts.join(".").replaceAll("_", ".");

const madeOf = (application: Named): readonly Made[] => {
  const { name: source, deciders, projections, effects, sagas, translators = [], routes } = application;
  const scopes = { effect: effects, saga: sagas, translator: translators };
  const handlers = Object.entries(scopes).flatMap(([kind, all]) =>
    all.map(({ name }) => ({ of: `${kind} ${name}`, kind, handler: name })),
  );
  return [
    ...projections.map(({ name }) => ({
      of: `projection ${name}`,
      kind: "environment variable",
      name: `READ_MODEL_${variableName(name)}`,
    })),
    ...handlers.flatMap(({ of, kind, handler }) => [
      { of, kind: `logical id among ${kind}s`, name: logicalName(handler) },
      { of: `the dead letters of ${handler}`, kind: "topic", name: topicOf(source, handler, "dead-letters") },
    ]),
    ...deciders.flatMap(({ name, events }) => [
      { of: `decider ${name}`, kind: "topic", name: topicOf(source, name) },
      ...Object.keys({ ...events, ...receipts }).map((type) => ({
        of: `event ${type} of decider ${name}`,
        kind: "message",
        name: `${name}.${type}`,
      })),
    ]),
    ...translators.flatMap((translator) => [
      {
        of: `channel ${translator.channel} of source ${translator.source}`,
        kind: "topic",
        name: topicOf(translator.source, translator.channel),
      },
      {
        of: `event ${translator.type} of source ${translator.source}`,
        kind: "message",
        name: `${translator.source}.${translator.type}`,
      },
    ]),
    ...routes.map((route) => ({
      of: `${route.method} ${route.path}`,
      kind: "operation id",
      name: operationIdOf(route),
    })),
  ];
};

/** Different names that give the same derived name, with one message per derived name. */
export const sharedNames = (application: Named): readonly string[] => {
  const origins = new Map<string, Set<string>>();
  for (const { of, kind, name } of madeOf(application)) {
    const made = `${kind} ${name}`;
    origins.set(made, (origins.get(made) ?? new Set()).add(of));
  }
  return [...origins]
    .filter(([, of]) => of.size > 1)
    .map(
      ([made, of]) => `${[...of].join(" and ")}: expected different names, got the same ${made}; rename one`,
    );
};
