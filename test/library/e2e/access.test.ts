/** Who may call the library, and for whose loans: every path, method and kind of caller, as `npm start -- --tokens` checks them. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Caller, type Cell, cellsOf, requestOf, statusOf, type Things } from "../../e2e/access-table.ts";
import { callersOf, tokensOf } from "../../e2e/callers.ts";
import { endAll, npmStart } from "../../e2e/npm-start.ts";
import { application } from "../lib/application.ts";

const folder = mkdtempSync(join(tmpdir(), "library-access-"));
let url = "";
let callers: readonly Caller[];

const things: Things = {
  parameters: { loanId: "gone", bookId: "emma", saga: "lending", id: "gone" },
  // Only an owner gets this list without a member.
  queries: { "/loans": "memberId=ada" },
  bodies: {
    RegisterMember: { phone: "+441632960001" },
    AcquireCopies: { copies: 1 },
    RequestLoan: { bookId: "unwritten", memberId: "ada" },
    WithdrawRequest: {},
    ReturnBook: {},
    resume: { action: "retry" },
  },
  // The loan was declined, so there is nothing to return, and its saga is not parked.
  statuses: { ReturnBook: 409, resume: 409 },
};

const sendBody = (path: string, token: string, body: object) =>
  fetch(`${url}${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "idempotency-key": randomUUID(),
    },
    body: JSON.stringify(body),
  });

/** The library does not have the book, so it declines the loan. */
const declinedLoan = async () => {
  const librarian = await tokensOf(url)("grace", ["librarian"]);
  await sendBody("/books/emma/copies", librarian, { copies: 1 });
  await sendBody("/loans", librarian, { loanId: "gone", bookId: "unwritten", memberId: "ada" });
  const headers = { authorization: `Bearer ${librarian}` };
  const showing = (path: string, text: string) =>
    vi.waitFor(async () => expect(await (await fetch(`${url}${path}`, { headers })).text()).toContain(text), {
      timeout: 50_000,
    });
  await showing("/loans/gone", '"declined"');
  await showing("/sagas/lending/gone", '"compensated"');
  await showing("/books/emma", '"copies"');
};

beforeAll(async () => {
  const options = ["--tokens", "--port", "0", "--data", join(folder, "data"), "--quiet"];
  url = await npmStart(options, {}, join(import.meta.dirname, "..")).ready;
  const advance = (advanceSeconds: number) =>
    fetch(`${url}/_local/clock`, { method: "POST", body: JSON.stringify({ advanceSeconds }) });
  callers = await callersOf(url, { owner: "ada", own: "member", exempt: "librarian" }, advance);
  await declinedLoan();
});

afterAll(async () => {
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

const statusFor = async (cell: Cell, { token }: Caller): Promise<number> => {
  const { path, init } = requestOf(application, cell, { token, things });
  return (await fetch(`${url}${path}`, init)).status;
};

test.each(cellsOf(application).map((cell) => [cell.method, cell.path, cell] as const))(
  "%s %s has the status that its route gives each caller",
  async (_method, _path, cell) => {
    const found = await Promise.all(
      callers.map(async (caller) => [caller.name, await statusFor(cell, caller)]),
    );
    expect(found).toEqual(
      callers.map((caller) => [caller.name, statusOf(application, cell, { caller, things })]),
    );
  },
);

test.each([
  ["GET", "/loans/{loanId}", "another subject", 404],
  ["GET", "/loans/{loanId}", "the owner", 200],
  ["POST", "/loans", "another subject", 403],
  ["POST", "/loans/{loanId}/withdrawal", "another subject", 404],
  ["POST", "/loans/{loanId}/return", "the owner", 403],
  ["GET", "/loans/{loanId}", "no scope", 403],
  ["GET", "/loans/{loanId}", "an expired token", 401],
] as const)("%s %s for %s is %i", async (method, path, name, status) => {
  const caller = callers.find((each) => each.name === name);
  if (!caller) throw new Error(`no caller is named ${name}`);
  expect(await statusFor({ method, path }, caller)).toBe(status);
});
