/** Finds the parts of an application by name. An unknown name is an error of the deployment, so it throws. */
import type { AnyApplication } from "./application.ts";
import type { AnyEffect } from "./effect.ts";
import { findByName } from "./names/stored-name.ts";
import type { AnySaga } from "./saga.ts";
import type { AnyTranslator } from "./translator.ts";

const named = <Part extends { readonly name: string }>(
  kind: string,
  parts: readonly Part[],
  name: string,
): Part => {
  const part = parts.find((each) => each.name === name);
  if (!part)
    throw new Error(
      `expected a ${kind} named ${parts.map((each) => each.name).join(", ") || "(there is none)"}, got ${name}`,
    );
  return part;
};

/** The saga of this name. Throws if there is none. */
export const sagaNamed = ({ sagas }: Pick<AnyApplication, "sagas">, name: string): AnySaga =>
  named("saga", sagas, name);

/** The saga of an instance, `checkout/1`. Undefined if the application no longer has it. */
export const sagaOfInstance = (
  { sagas }: Pick<AnyApplication, "sagas">,
  sagaId: string,
): AnySaga | undefined => sagas.find(({ name }) => sagaId.startsWith(`${name}/`));

/** The id of an instance whose saga may be given by its present name: `checkout/1`. */
export const storedSagaId = ({ sagas }: Pick<AnyApplication, "sagas">, sagaId: string): string => {
  const slash = sagaId.indexOf("/");
  const saga = findByName(sagas, sagaId.slice(0, slash));
  return saga ? `${saga.name}${sagaId.slice(slash)}` : sagaId;
};

/** The effect of this name. Throws if there is none. */
export const effectNamed = <Services>(
  { effects }: Pick<AnyApplication<Services>, "effects">,
  name: string,
): AnyEffect<Services> => named("effect", effects, name);

/** The translator of this name. Throws if there is none. */
export const translatorNamed = (
  { translators = [] }: Pick<AnyApplication, "translators">,
  name: string,
): AnyTranslator => named("translator", translators, name);

/** Whether the application has a translator of this name. */
export const isTranslator =
  ({ translators = [] }: Pick<AnyApplication, "translators">) =>
  (name: string): boolean =>
    translators.some((each) => each.name === name);
