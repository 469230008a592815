/**
 * The public keys of a token issuer: its discovery document names the key set. They are cached for two hours of the local
 * clock, as API Gateway documents. A key that is not in the cache is looked up again, so a new key is accepted at once,
 * and a removed one is accepted until the cache ends.
 */
import * as z from "zod";
import type { Cloud } from "../service/service.ts";

const discovery = z.object({ jwks_uri: z.url() });

const rsaKey = z.object({
  kty: z.literal("RSA"),
  kid: z.string(),
  n: z.string(),
  e: z.string(),
  use: z.literal("sig").optional(),
  alg: z.string().optional(),
});

type PublicKey = z.output<typeof rsaKey>;

const keySet = z.object({ keys: z.array(z.unknown()) });

const cacheMilliseconds = 2 * 60 * 60 * 1000;
const fetchMillisecondsMax = 10_000;

const jsonAt = async (url: string): Promise<unknown> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(fetchMillisecondsMax) });
  if (!response.ok) throw new Error(`GET ${url}: expected status 200, got ${response.status}`);
  return response.json();
};

/** Keys of other kinds are left out. */
const fetchKeys = async (issuer: string): Promise<readonly PublicKey[]> => {
  const { jwks_uri } = discovery.parse(
    await jsonAt(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`),
  );
  const { keys } = keySet.parse(await jsonAt(jwks_uri));
  return keys.flatMap((key) => rsaKey.safeParse(key).data ?? []);
};

/**
 * The key with an id. Undefined if the issuer has no such RSA key for signatures, or if its keys cannot be fetched, which
 * is reported.
 */
export type FindKey = (kid: string) => Promise<PublicKey | undefined>;

export const issuerKeys = (issuer: string, { clock, report }: Pick<Cloud, "clock" | "report">): FindKey => {
  let cached: { readonly keys: readonly PublicKey[]; readonly until: number } | undefined;
  let fetching: Promise<readonly PublicKey[]> | undefined;

  const fetched = async (): Promise<readonly PublicKey[]> => {
    try {
      const keys = await fetchKeys(issuer);
      cached = { keys, until: clock.now() + cacheMilliseconds };
      return keys;
    } catch (fault) {
      const message = `the keys of the token issuer ${issuer} cannot be fetched, so its tokens are refused: ${fault}`;
      report({ source: "http", level: "problem", message });
      return [];
    }
  };

  /** Requests at the same time share one fetch. */
  const fresh = (): Promise<readonly PublicKey[]> => {
    fetching ??= fetched().finally(() => {
      fetching = undefined;
    });
    return fetching;
  };

  return async (kid) => {
    const known = cached && clock.now() < cached.until ? cached.keys : [];
    return known.find((key) => key.kid === kid) ?? (await fresh()).find((key) => key.kid === kid);
  };
};
