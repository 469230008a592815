/** Callers of an application whose tokens the local cloud issues: without a token, with each kind of wrong token, and valid ones. */
import * as z from "zod";
import type { Caller } from "./access-table.ts";

type Names = {
  /** The subject who owns the things. */
  readonly owner: string;
  /** The access name of owners, and the one that is exempt. */
  readonly own: string;
  readonly exempt: string;
};

/** The subject who owns nothing and is not exempt. */
export const stranger = "stranger";

const issued = z.object({ access_token: z.string() });

/** `url` is that of the API. */
export const tokensOf =
  (url: string) =>
  async (subject: string, scopes: readonly string[], more: object = {}): Promise<string> => {
    const body = JSON.stringify({ subject, scopes, ...more });
    const answer = await fetch(`${url}/_local/tokens`, { method: "POST", body });
    return issued.parse(await answer.json()).access_token;
  };

/** The same claims with the signature of another token. */
const withSignatureOf = (token: string, other: string): string => {
  const [header, claims] = token.split(".");
  return [header, claims, other.split(".")[2]].join(".");
};

/** `advance` moves the clock of the local cloud. */
export const callersOf = async (
  url: string,
  { owner, own, exempt }: Names,
  advance: (seconds: number) => Promise<unknown>,
): Promise<readonly Caller[]> => {
  const token = tokensOf(url);
  const expired = await token(owner, [own, exempt], { expiresIn: 1 });
  await advance(2);
  const valid = await token(owner, [own, exempt]);
  const withScopes = async (name: string, subject: string, scopes: readonly string[]): Promise<Caller> => ({
    name,
    token: await token(subject, scopes),
    scopes,
    ...(subject === owner && { isOwner: true }),
  });
  return [
    { name: "no token", token: undefined },
    { name: "a garbled token", token: "garbled" },
    { name: "an expired token", token: expired },
    { name: "another audience", token: await token(owner, [own, exempt], { audience: "another" }) },
    { name: "another issuer", token: await token(owner, [own, exempt], { issuer: `${url}/another` }) },
    { name: "a wrong signature", token: withSignatureOf(valid, expired) },
    await withScopes("no scope", owner, []),
    await withScopes("another scope", owner, ["auditor"]),
    await withScopes("another subject", stranger, [own]),
    await withScopes("the owner", owner, [own]),
    await withScopes("exempt", "clerk", [exempt]),
    await withScopes("another subject who is exempt too", "clerk", [own, exempt]),
  ];
};
