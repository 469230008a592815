/** The parts of an application by their names; a name that it does not have is a mistake of whoever deployed it. */
import type { Application } from "./application.ts";
import type { AnyEffect } from "./effect.ts";
import type { AnySaga } from "./saga.ts";
import type { AnyTranslator } from "./translator.ts";

const named = <Part extends { readonly name: string }>(
  kind: string,
  parts: readonly Part[],
  name: string,
): Part => {
  const part = parts.find((each) => each.name === name);
  if (!part)
    throw new Error(`there is no ${kind} ${name}, only ${parts.map((each) => each.name).join(", ")}`);
  return part;
};

export const sagaNamed = ({ sagas }: Pick<Application<never>, "sagas">, name: string): AnySaga =>
  named("saga", sagas, name);

/** The saga of an instance, or undefined if the application no longer has it. */
export const sagaOfInstance = (
  { sagas }: Pick<Application<never>, "sagas">,
  sagaId: string,
): AnySaga | undefined => sagas.find(({ name }) => sagaId.startsWith(`${name}/`));

export const effectNamed = <Services>(
  { effects }: Pick<Application<Services>, "effects">,
  name: string,
): AnyEffect<Services> => named("effect", effects, name);

export const translatorNamed = (
  { translators = [] }: Pick<Application<never>, "translators">,
  name: string,
): AnyTranslator => named("translator", translators, name);

export const isTranslator =
  ({ translators = [] }: Pick<Application<never>, "translators">) =>
  (name: string): boolean =>
    translators.some((each) => each.name === name);
