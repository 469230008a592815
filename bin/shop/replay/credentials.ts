/** How a replay identifies itself: not at all, with a given token, or with tokens that it gets from the instance. */
import * as z from "zod";

type Headers = Readonly<Record<string, string>>;

export type Credentials = {
  readonly headers: () => Headers;
  /**
   * After a 401: gets a new token if there is an issuer, unless another request has already replaced the refused one.
   * Returns whether a retry makes sense.
   */
  readonly renew: (refused: Headers) => Promise<boolean>;
};

/** The value of `--token` for the issuer of the instance. */
export const localTokens = "local";

const issued = z.object({ access_token: z.string() });

/** Places orders of all customers, receives stock and approves orders. */
const request = { subject: "replay", scopes: ["customer", "operator"] };

const tokenOf = async (url: string): Promise<string> => {
  const answer = await fetch(`${url}/_local/tokens`, { method: "POST", body: JSON.stringify(request) });
  if (answer.ok) return issued.parse(await answer.json()).access_token;
  throw new Error(
    `${url} does not issue tokens: expected status 200 at /_local/tokens, got ${answer.status}; start it with --tokens, or give a token of its issuer`,
  );
};

const fixed = (headers: Headers): Credentials => ({
  headers: () => headers,
  renew: async () => false,
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** Rejects if `url` does not issue tokens. */
export const credentials = async (url: string, token: string | undefined): Promise<Credentials> => {
  if (token === undefined) return fixed({});
  if (token !== localTokens) return fixed(bearer(token));
  let current = bearer(await tokenOf(url));
  let renewing: Promise<void> | undefined;
  const replace = async () => {
    try {
      current = bearer(await tokenOf(url));
    } finally {
      renewing = undefined;
    }
  };
  return {
    headers: () => current,
    renew: async (refused) => {
      if (refused === current) {
        renewing ??= replace();
        await renewing;
      }
      return true;
    },
  };
};
