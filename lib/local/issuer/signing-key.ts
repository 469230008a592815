/** The key of the local token issuer. It is kept in the journal, so tokens stay valid over a restart. */
import type { JWK } from "jose";
import type { Journal } from "../machine/journal.ts";

export const algorithm = "RS256";

type SigningKey = { readonly kid: string; readonly privateKey: JWK; readonly publicKey: JWK };

const generate = async (): Promise<SigningKey> => {
  const { calculateJwkThumbprint, exportJWK, generateKeyPair } = await import("jose");
  const made = await generateKeyPair(algorithm, { extractable: true });
  const [privateKey, publicKey] = [await exportJWK(made.privateKey), await exportJWK(made.publicKey)];
  return { kid: await calculateJwkThumbprint(publicKey), privateKey, publicKey };
};

/** Makes the key at the first call. */
export const signingKey = (journal: Journal): (() => Promise<SigningKey>) => {
  const kept = journal.map<SigningKey>("issuer");
  let making: Promise<SigningKey> | undefined;

  const make = async (): Promise<SigningKey> => {
    const key = await generate();
    kept.set("key", key);
    return key;
  };

  return async () => {
    const known = kept.get("key");
    if (known) return known;
    making ??= make();
    return making;
  };
};
