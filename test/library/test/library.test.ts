/** The whole library in one process. */
import { inOneProcess } from "eventfold/testing";
import { expect, test } from "vitest";
import { application } from "../lib/application.ts";
import { acquireCopies } from "../lib/books/book.ts";
import { requestLoan, returnBook } from "../lib/loans/loan.ts";
import { registerMember } from "../lib/members/member.ts";
import { memorySmsGateway } from "../lib/sms/memory-sms-gateway.ts";

const days = 24 * 3600;
const phone = "+441632960001";

/** A library with one copy of Emma, and Ada as its member. */
const opened = async () => {
  const sms = memorySmsGateway();
  const library = inOneProcess(application, { sms });
  await library.send(registerMember({ memberId: "ada", phone }));
  await library.send(acquireCopies({ bookId: "emma", copies: 1 }));
  const lend = async (loanId: string) => {
    await library.send(requestLoan({ loanId, bookId: "emma", memberId: "ada" }));
    await library.idle();
    return library.row("loan-status", loanId);
  };
  return { ...library, sms, lend };
};

test("a book is lent, and due after 21 days", async () => {
  const library = await opened();
  expect(await library.lend("1")).toMatchObject({ status: "lent", due: "2026-01-22T00:00:00.000Z" });
  expect(await library.row("book-copies", "emma")).toMatchObject({ copies: 1, available: 0 });
  expect(await library.row("loans-per-day", "2026-01-01")).toMatchObject({ lent: 1, returned: 0 });
});

test("a book without a copy on the shelf is not lent", async () => {
  const library = await opened();
  await library.lend("1");
  expect(await library.lend("2")).toMatchObject({ status: "declined", reason: "no-copy-left" });
  expect(await library.row("book-copies", "emma")).toMatchObject({ available: 0 });
});

test("a member who has a book for 21 days is reminded, once", async () => {
  const library = await opened();
  await library.lend("1");
  await library.advance(21 * days - 1);
  expect(library.sms.sent()).toEqual([]);
  await library.advance(1);
  expect(library.sms.sent()).toMatchObject([{ to: phone, text: "Please return emma." }]);
  await library.advance(100 * days);
  expect(library.sms.sent()).toHaveLength(1);
  expect(await library.row("loan-status", "1")).toMatchObject({
    status: "lent",
    remindedAt: "2026-01-22T00:00:00.000Z",
  });
});

test("a book that is returned in time is back on the shelf, and its member is not reminded", async () => {
  const library = await opened();
  await library.lend("1");
  await library.advance(20 * days);
  await library.send(returnBook({ loanId: "1" }));
  await library.advance(20 * days);
  expect(library.sms.sent()).toEqual([]);
  expect(await library.statusOf("loan-period", "1")).toMatchObject({ kind: "completed" });
  expect(await library.row("book-copies", "emma")).toMatchObject({ available: 1 });
  expect(await library.lend("2")).toMatchObject({ status: "lent" });
});

test("a book that is returned late is also back on the shelf", async () => {
  const library = await opened();
  await library.lend("1");
  await library.advance(30 * days);
  await library.send(returnBook({ loanId: "1" }));
  await library.idle();
  expect(await library.row("loan-status", "1")).toMatchObject({ status: "returned" });
  expect(await library.row("book-copies", "emma")).toMatchObject({ available: 1 });
});

test("a delivery of the publisher becomes copies, once", async () => {
  const library = await opened();
  const parcel = {
    source: "publisher",
    type: "ParcelDelivered",
    id: "7",
    data: { title: "emma", pieces: 2 },
  };
  library.hear(parcel);
  library.hear(parcel);
  await library.idle();
  expect(await library.row("book-copies", "emma")).toMatchObject({ copies: 3 });
});

test("a delivery that breaks its schema is a dead letter", async () => {
  const library = await opened();
  library.hear({ source: "publisher", type: "ParcelDelivered", id: "7", data: { title: "emma" } });
  await library.idle();
  expect(await library.deadLetters.list()).toMatchObject({ letters: [{ handler: "publisher-deliveries" }] });
});
