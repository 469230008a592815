/** What `npm start` says about who may call the API. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { accessContext, accessOf, accessWords, withToken } from "../../bin/local/access.ts";

const url = "http://127.0.0.1:3000";
const issuer = {
  issuer: `${url}/_local`,
  audience: "local",
  tokens: `${url}/_local/tokens`,
  scopes: ["member", "librarian"],
};

test("the template names the issuer of the port, or opens every route", () => {
  expect(accessContext({ tokens: true, port: 3000 })).toEqual({ issuer: issuer.issuer, audience: "local" });
  expect(accessContext({ tokens: false, port: 3000 })).toEqual({ public: "true" });
});

test("an open API says so in one line", () => {
  expect(accessWords(accessOf(undefined))).toBe(
    "The API is open: every request is accepted. With --tokens, it requires a token.",
  );
});

test("an API with tokens says how to get one, and its curl lines send it", () => {
  const access = accessOf(issuer);
  const [, line = ""] = accessWords(access).split("\n");
  expect(line).toContain(
    `curl -s ${url}/_local/tokens -d '{"subject":"ada","scopes":["member","librarian"]}'`,
  );
  const answer = '{"access_token":"a.b-c._d","token_type":"Bearer","expires_in":3600}';
  const shell = `curl() { printf %s '${answer}'; }; ${line}; printf %s "$TOKEN"`;
  expect(execFileSync("sh", ["-c", shell], { encoding: "utf8" })).toBe("a.b-c._d");

  const guide = "Paste these curl lines:\ncurl -X POST a; until curl http://b | grep c; do sleep 1; done\n";
  const sent = 'curl -H "authorization: Bearer $TOKEN"';
  expect(withToken(access, guide)).toBe(
    `Paste these curl lines:\n${sent} -X POST a; until ${sent} http://b | grep c; do sleep 1; done\n`,
  );
  expect(withToken(accessOf(undefined), guide)).toBe(guide);
});
