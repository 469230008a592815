/** The origins whose pages may call the API, as `cors=ORIGIN,ORIGIN` names them. */

/** As a browser writes it: lower case, no default port, no path. */
const originIn = (text: string): string | undefined => {
  try {
    return new URL(text).origin;
  } catch {
    return undefined;
  }
};

/** An origin that a browser writes in another way would never match, so it is refused. */
const originOf = (text: string): string => {
  const origin = originIn(text);
  if (origin === text) return origin;
  throw new Error(
    origin === undefined
      ? `context cors=${text}: must be an origin, such as https://shop.example`
      : `context cors=${text}: browsers write this origin as ${origin}`,
  );
};

/** An origin that is named twice counts once: API Gateway takes each only once. */
export const originsIn = (list: string): readonly string[] => [...new Set(list.split(",").map(originOf))];
