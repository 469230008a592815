/** `npm start -- --tokens` in the folder of the library: who may call it, for how long, and over a kill -9. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import * as z from "zod";
import { endAll, npmStart } from "../../e2e/npm-start.ts";

const folder = mkdtempSync(join(tmpdir(), "library-tokens-"));

afterAll(async () => {
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

const start = (port: string) =>
  npmStart(
    ["--tokens", "--port", port, "--data", join(folder, "data"), "--quiet"],
    {},
    join(import.meta.dirname, ".."),
  );

const post = async (url: string, body: object): Promise<unknown> =>
  (await fetch(url, { method: "POST", body: JSON.stringify(body) })).json();

/** A row that does not exist: 404 for a caller who may ask for it. */
const statusFor = async (url: string, token?: string) => {
  const headers = new Headers(token === undefined ? {} : { authorization: `Bearer ${token}` });
  return (await fetch(`${url}/loans/none`, { headers })).status;
};

test("the API accepts only tokens of the issuer beside it, until they end", async () => {
  const first = start("0");
  const url = await first.ready;
  const printed = () => /TOKEN=\$\(curl -s (\S+) -d '([^']+)'/.exec(first.said.stdout);
  await expect.poll(printed).not.toBeNull();
  const [, tokensUrl = "", body = ""] = printed() ?? [];
  const { access_token: token } = z
    .object({ access_token: z.string() })
    .parse(await post(tokensUrl, JSON.parse(body)));
  expect([await statusFor(url), await statusFor(url, `${token}x`), await statusFor(url, token)]).toEqual([
    401, 401, 404,
  ]);

  first.kill("SIGKILL");
  await first.ended;
  const again = await start(new URL(url).port).ready;
  expect(await statusFor(again, token)).toBe(404);
  await post(`${again}/_local/clock`, { advanceSeconds: 3600 });
  expect(await statusFor(again, token)).toBe(401);
});
