/** `--saga ENGINE` chooses for all sagas, `--saga NAME=ENGINE` for one; as context they are `saga` and `saga.NAME`. */
export const sagaContext = (given: readonly string[] = []): Readonly<Record<string, string>> =>
  Object.fromEntries(
    given.map((choice) => {
      const [name = "", engine] = choice.split("=");
      return engine === undefined ? ["saga", name] : [`saga.${name}`, engine];
    }),
  );
