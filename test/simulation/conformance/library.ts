/** The sagas of the library as subjects: one that does not wait, and one that waits for 21 days. */
import type { AnyApplication } from "../../../lib/model/application.ts";
import type { RecordedEvent } from "../../../lib/model/message.ts";
import { recordedEvents } from "../../../lib/runtime/streams/recorded.ts";
import { application, type LibraryServices } from "../../library/lib/application.ts";
import { acquireCopies, reserveCopy } from "../../library/lib/books/book.ts";
import { lending } from "../../library/lib/loans/lending.ts";
import { confirmLoan, requestLoan, withdrawRequest } from "../../library/lib/loans/loan.ts";
import { loanPeriod } from "../../library/lib/loans/loan-period.ts";
import { takeBack } from "../../library/lib/loans/take-back.ts";
import { openLoan, registerMember } from "../../library/lib/members/member.ts";
import { memorySmsGateway } from "../../library/lib/sms/memory-sms-gateway.ts";
import { world } from "../world.ts";
import { differences, type End, type Subject } from "./subject.ts";

const [loanId, bookId, memberId, phone] = ["1", "emma", "ada", "+441632960001"];

const opening = [registerMember({ memberId, phone }), acquireCopies({ bookId, copies: 1 })];
const requesting = requestLoan({ loanId, bookId, memberId });

/** The library with only these sagas. Its books are checked against events, read models and text messages. */
const played = (
  sagas: AnyApplication<LibraryServices>["sagas"],
  imbalancesOf: Subject["imbalancesOf"],
): Pick<Subject, "application" | "world" | "imbalancesOf"> => {
  const library = { ...application, sagas };
  return {
    application: library,
    imbalancesOf,
    world: (makeEngine, delivery, { change, between }) => {
      const sms = memorySmsGateway();
      const running = world(change(library), { sms }, makeEngine, delivery, between);
      const imbalances = async (end: End) => {
        const events = running.store.log().flatMap(recordedEvents);
        const row = (await running.readModels.find("book-copies", bookId))?.row;
        const count = countIn(events);
        const lent = count("LoanConfirmed") - count("BookReturned");
        const expected = { available: 1 - lent, open: lent, messages: count("MemberReminded") };
        const open = count("LoanOpened") - count("LoanClosed");
        const found = { available: row?.available, open, messages: sms.sent().length };
        return [...imbalancesOf(events, end), ...differences(end, expected, found)];
      };
      return { ...running, imbalances };
    },
  };
};

const countIn = (events: readonly RecordedEvent[]) => (type: string) =>
  events.filter((event) => event.type === type).length;

/** What was reserved and opened must be lent, or given back. */
const ofLending: Subject["imbalancesOf"] = (events, end) => {
  const count = countIn(events);
  const lent = end === "completed" ? 1 : 0;
  const found = {
    reserved: count("CopyReserved") - count("CopyReleased"),
    opened: count("LoanOpened") - count("LoanClosed"),
    confirmed: count("LoanConfirmed"),
    declined: count("LoanDeclined") + count("RequestWithdrawn"),
  };
  return differences(end, { reserved: lent, opened: lent, confirmed: lent, declined: 1 - lent }, found);
};

/** The reminder is either called off, or sent unless the book was returned first. */
const ofLoanPeriod: Subject["imbalancesOf"] = (events, end) => {
  const count = countIn(events);
  const answers = events.filter(({ type }) => type === "BookReturned" || type === "MemberReminded");
  const isCalledOff = end === "completed";
  const isReminded = !isCalledOff && answers[0]?.type === "MemberReminded";
  const expected = { called: isCalledOff ? 1 : 0, reminded: isReminded ? 1 : 0, isAnswered: true };
  const found = {
    called: count("ReminderCalledOff"),
    reminded: count("MemberReminded"),
    isAnswered: answers.length > 0,
  };
  return differences(end, expected, found);
};

export const librarySagas: readonly Subject[] = [
  {
    name: "lending",
    ...played([lending], ofLending),
    saga: lending,
    id: loanId,
    before: opening,
    start: requesting,
    cancellation: withdrawRequest({ loanId }),
  },
  {
    name: "loan-period",
    ...played([loanPeriod, takeBack], ofLoanPeriod),
    saga: loanPeriod,
    id: loanId,
    before: [...opening, requesting, reserveCopy({ bookId, loanId }), openLoan({ memberId, loanId })],
    start: confirmLoan({ loanId, phone }),
  },
];
