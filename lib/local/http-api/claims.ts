/** The claims of a token in the form in which a function gets them. */
import type { Claims } from "./token.ts";

const textOf = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(textOf).join(" ")}]`;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
};

/** Every claim is a string. A list is in brackets, with blanks between its entries. Claims that are null are left out. */
export const claimTexts = (claims: Claims): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(claims)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [name, textOf(value)]),
  );

/** The scopes in `scope` or `scp`: a text with blanks between them, or a list. */
export const scopesIn = ({ scope, scp }: Claims): readonly string[] => {
  const given = scope ?? scp;
  const texts = Array.isArray(given) ? given.map(String) : [typeof given === "string" ? given : ""];
  return texts.flatMap((text) => text.split(" ")).filter((each) => each !== "");
};
