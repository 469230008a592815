/** The origins whose pages may call the API: the list in `cors=ORIGIN,ORIGIN`. */

/** In the form that browsers send: lower case, without a default port or a path. */
const originIn = (text: string): string | undefined => {
  try {
    return new URL(text).origin;
  } catch {
    return undefined;
  }
};

/** Refuses an origin in any other form, because it would never match the header of a browser. */
const originOf = (text: string): string => {
  const origin = originIn(text);
  if (origin === text) return origin;
  throw new Error(
    origin === undefined
      ? `context cors=${text}: must be an origin, such as https://shop.example`
      : `context cors=${text}: browsers send this origin as ${origin}; write it like that`,
  );
};

/** Without duplicates, which API Gateway refuses. */
export const originsIn = (list: string): readonly string[] => [...new Set(list.split(",").map(originOf))];
