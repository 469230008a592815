/** `npm start -- --tokens` with the library's own access names: what a member, another member and a librarian get. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { endAll, npmStart } from "../../e2e/npm-start.ts";

const folder = mkdtempSync(join(tmpdir(), "library-owners-"));
let url = "";

/** The tokens of callers, by subject. */
const tokens = new Map<string, string>();

const callers = { ada: ["member"], eve: ["member"], grace: ["librarian"], bob: ["guest"] };

type Caller = keyof typeof callers | "none";

const answered = z.object({ access_token: z.string() });

beforeAll(async () => {
  const words = ["--tokens", "--port", "0", "--data", join(folder, "data"), "--quiet"];
  url = await npmStart(words, {}, join(import.meta.dirname, "..")).ready;
  for (const [subject, scopes] of Object.entries(callers)) {
    const body = JSON.stringify({ subject, scopes });
    const answer = await fetch(`${url}/_local/tokens`, { method: "POST", body });
    tokens.set(subject, answered.parse(await answer.json()).access_token);
  }
});

afterAll(async () => {
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

const headersOf = (caller: Caller): Record<string, string> => {
  const token = tokens.get(caller);
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
};

const get = (caller: Caller, path: string) => fetch(`${url}${path}`, { headers: headersOf(caller) });

const post = (caller: Caller, path: string, body: object) =>
  fetch(`${url}${path}`, {
    method: "POST",
    headers: { ...headersOf(caller), "content-type": "application/json", "idempotency-key": randomUUID() },
    body: JSON.stringify(body),
  });

/** The statuses that these callers get. */
const statuses = async (who: readonly Caller[], ask: (caller: Caller) => Promise<Response>) => {
  const found: number[] = [];
  for (const caller of who) found.push((await ask(caller)).status);
  return found;
};

const everyone: readonly Caller[] = ["none", "bob", "eve", "ada", "grace"];

test("each caller sees and changes only their own loans, and a librarian all of them", async () => {
  const ada = { memberId: "ada", phone: "+441632960001" };
  expect(await statuses(everyone, (caller) => post(caller, "/members", ada))).toEqual([
    401, 403, 403, 403, 202,
  ]);
  const copies = (caller: Caller) => post(caller, "/books/emma/copies", { copies: 1 });
  expect(await statuses(everyone, copies)).toEqual([401, 403, 403, 403, 202]);

  const loan = (caller: Caller) => post(caller, "/loans", { loanId: "1", bookId: "emma", memberId: "ada" });
  expect(await statuses(["none", "bob", "eve", "ada"], loan)).toEqual([401, 403, 403, 202]);
  await expect.poll(async () => (await get("ada", "/loans/1")).json()).toMatchObject({ status: "lent" });
  expect(await statuses(everyone, (caller) => get(caller, "/loans/1"))).toEqual([401, 403, 404, 200, 200]);

  const listed = async (caller: Caller, query = "") =>
    z
      .object({ items: z.array(z.object({ loanId: z.string() })) })
      .parse(await (await get(caller, `/loans${query}`)).json())
      .items.map(({ loanId }) => loanId);
  expect([await listed("ada"), await listed("eve"), await listed("eve", "?memberId=ada")]).toEqual([
    ["1"],
    [],
    [],
  ]);
  expect(await listed("grace", "?memberId=ada")).toEqual(["1"]);

  const withdraw = (caller: Caller) => post(caller, "/loans/1/withdrawal", {});
  expect(await statuses(everyone, withdraw)).toEqual([401, 403, 404, 409, 409]);
  const back = (caller: Caller) => post(caller, "/loans/1/return", {});
  expect(await statuses(everyone, back)).toEqual([401, 403, 403, 403, 202]);
  expect(await statuses(everyone, (caller) => get(caller, "/books/emma"))).toEqual([200, 200, 200, 200, 200]);
  expect(await statuses(everyone, (caller) => get(caller, "/sagas"))).toEqual([401, 403, 403, 403, 200]);
});

test("the API's document, which is public, names the scopes of the library", async () => {
  const { paths } = z
    .object({
      paths: z.record(
        z.string(),
        z.record(
          z.string(),
          z.object({ security: z.array(z.record(z.string(), z.array(z.string()))).optional() }),
        ),
      ),
    })
    .parse(await (await get("none", "/openapi.json")).json());
  expect(paths["/loans"]?.get?.security).toEqual([{ token: ["member"] }, { token: ["librarian"] }]);
  expect(paths["/members"]?.post?.security).toEqual([{ token: ["librarian"] }]);
});
