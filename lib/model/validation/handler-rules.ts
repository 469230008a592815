/** Rules for effects and translators. */
import { problemsOfDelivery } from "../delivery/delivery-policy.ts";
import type { AnyEffect } from "../effect.ts";
import type { AnyTranslator } from "../translator.ts";
import { dangling, type Rule, unless } from "./rule.ts";

const effectKnowsItsMessages: Rule<AnyEffect<never>> = ({ name, on, answers }, application) =>
  [on, ...answers].flatMap((reference) => dangling(`effect ${name}`, reference, application));

const effectIsDelivered: Rule<AnyEffect<never>> = ({ name, delivery }) =>
  problemsOfDelivery(`effect ${name}`, delivery);

/** The rules for one effect. */
export const effectRules: readonly Rule<AnyEffect<never>>[] = [effectKnowsItsMessages, effectIsDelivered];

const translatorKnowsItsCommand: Rule<AnyTranslator> = ({ name, send }, application) =>
  dangling(`translator ${name}`, send.command, application);

const translatorIsDelivered: Rule<AnyTranslator> = ({ name, delivery }) =>
  problemsOfDelivery(`translator ${name}`, delivery);

const sourceIsAnotherSystem: Rule<AnyTranslator> = ({ name, source }, application) =>
  unless(
    source !== application.name,
    `translator ${name}: expected the name of another system as its source, got ${source}, which is this application; use an effect or a saga for its own events`,
  );

/** The rules for one translator. */
export const translatorRules: readonly Rule<AnyTranslator>[] = [
  translatorKnowsItsCommand,
  translatorIsDelivered,
  sourceIsAnotherSystem,
];
