/** Turns `--saga ENGINE` (all sagas) and `--saga NAME=ENGINE` (one saga) into the context keys `saga` and `saga.NAME`. */
export const sagaContext = (given: readonly string[] = []): Readonly<Record<string, string>> =>
  Object.fromEntries(
    given.map((choice) => {
      const [name = "", engine] = choice.split("=");
      return engine === undefined ? ["saga", name] : [`saga.${name}`, engine];
    }),
  );
