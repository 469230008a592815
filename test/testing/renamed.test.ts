/** The testing kit takes the present name and the stored name of a renamed part. */
import { describe, expect, test } from "vitest";
import { inOneProcess } from "../../lib/testing/in-one-process.ts";
import { recorded } from "../../lib/testing/recorded.ts";
import { sagaCases } from "../../lib/testing/saga-cases.ts";
import { application as library } from "../library/lib/application.ts";
import { acquireCopies, book, releaseCopy, reserveCopy } from "../library/lib/books/book.ts";
import { lending } from "../library/lib/loans/lending.ts";
import { declineLoan, loan, requestLoan } from "../library/lib/loans/loan.ts";
import { registerMember } from "../library/lib/members/member.ts";
import { memorySmsGateway } from "../library/lib/sms/memory-sms-gateway.ts";
import { renamed } from "../model/names/renamed.ts";

test("an application in one process keeps the stored names", async () => {
  const { send, idle, row, statusOf, deadLetters, events } = inOneProcess(renamed(library), {
    sms: memorySmsGateway(),
  });
  await send(registerMember({ memberId: "ada", phone: "+441632960001" }));
  await send(acquireCopies({ bookId: "emma", copies: 1 }));
  await send(requestLoan({ loanId: "1", bookId: "emma", memberId: "ada" }));
  await idle();
  for (const name of ["newloan-status", "loan-status"])
    expect(await row(name, "1")).toMatchObject({ status: "lent" });
  for (const name of ["newlending", "lending"])
    expect(await statusOf(name, "1")).toMatchObject({ kind: "completed" });
  for (const name of ["newsend-reminder", "send-reminder"])
    expect(await deadLetters.list(name)).toMatchObject({ letters: [] });
  expect((await events("book-emma")).map(({ metadata }) => metadata.commandId)).toContainEqual(
    expect.stringMatching(/^lending\/1\/reserve-copy\//),
  );
  await expect(statusOf("lendings", "1")).rejects.toThrow("expected a saga in newlending, ");
});

test("recorded events are in the stream with the first name", () => {
  const title = { ...book, name: "title", formerly: ["book"] };
  const [event] = recorded(title, [{ type: "CopiesAcquired", data: { bookId: "emma", copies: 1 } }]);
  expect(event?.metadata.id).toBe("book-emma@1");
});

const [first, ...steps] = lending.steps;
if (!first) throw new Error("expected a step");
const saga = {
  ...lending,
  name: "loans",
  formerly: ["lending"],
  steps: [{ ...first, name: "take-copy", formerly: ["reserve-copy"] }, ...steps],
};
const data = { loanId: "1", bookId: "emma", memberId: "ada" };
const [start] = recorded(loan, [{ type: "LoanRequested", data }]);
if (!start) throw new Error("expected one event");
const copy = { bookId: "emma", loanId: "1" };

describe.each(["take-copy", "reserve-copy"])("a row of a saga case may call a renamed step %s", (name) => {
  const cases = sagaCases(saga, start, [
    ["the step", [], name, [reserveCopy(copy)]],
    ["its compensation", ["timed out"], `undo-${name}`, [releaseCopy(copy)]],
  ]);
  for (const { name: row, run } of cases) test(row, run);
});

test("a reason has the first name of the step, as in the stored events", () => {
  const reason = "reserve-copy-timed-out";
  const cases = sagaCases(saga, start, [
    [
      "the end",
      ["timed out", { type: "CopyReleased", data: copy }],
      "abandon",
      [declineLoan({ loanId: "1", reason })],
    ],
  ]);
  for (const { run } of cases) run();
});
