/** The library: the one value that is deployed, run and documented. */
import type { Application } from "eventfold";
import { acquireCopies, book } from "./books/book.ts";
import { bookCopies } from "./books/book-copies.ts";
import { publisherDeliveries } from "./books/publisher-deliveries.ts";
import { lending } from "./loans/lending.ts";
import { loan, requestLoan, returnBook, withdrawRequest } from "./loans/loan.ts";
import { loanPeriod } from "./loans/loan-period.ts";
import { loanStatus } from "./loans/loan-status.ts";
import { loansPerDay } from "./loans/loans-per-day.ts";
import { sendReminder } from "./loans/send-reminder.ts";
import { takeBack } from "./loans/take-back.ts";
import { member, registerMember } from "./members/member.ts";
import type { SmsGateway } from "./sms/sms-gateway.ts";

export type LibraryServices = { readonly sms: SmsGateway };

const location = "/loans/{loanId}";

export const application: Application<LibraryServices> = {
  name: "library",
  version: "1.0.0",
  deciders: [book, member, loan],
  projections: [bookCopies, loanStatus, loansPerDay],
  effects: [sendReminder],
  sagas: [lending, loanPeriod, takeBack],
  translators: [publisherDeliveries],
  routes: [
    { method: "POST", path: "/members", access: "operator", command: registerMember },
    {
      method: "POST",
      path: "/books/{bookId}/copies",
      access: "operator",
      command: acquireCopies,
      location: "/books/{bookId}",
      key: "required",
    },
    { method: "POST", path: "/loans", access: "customer", command: requestLoan, location },
    {
      method: "POST",
      path: "/loans/{loanId}/withdrawal",
      access: "customer",
      command: withdrawRequest,
      location,
    },
    { method: "POST", path: "/loans/{loanId}/return", access: "operator", command: returnBook, location },
    { method: "GET", path: "/books/{bookId}", access: "public", query: bookCopies, versionOf: book },
    { method: "GET", path: "/loans/{loanId}", access: "customer", query: loanStatus, versionOf: loan },
    { method: "GET", path: "/loans", access: "operator", list: loanStatus, indexes: ["byMember"] },
    { method: "GET", path: "/days", access: "public", list: loansPerDay, indexes: ["newest"] },
    { method: "GET", path: "/sagas", access: "operator", sagas: "list" },
    { method: "GET", path: "/sagas/{saga}/{id}", access: "operator", sagas: "status" },
    { method: "POST", path: "/sagas/{saga}/{id}/resume", access: "operator", sagas: "resume" },
    { method: "GET", path: "/openapi.json", access: "public", document: "openapi" },
    { method: "GET", path: "/docs", access: "public", document: "page" },
    { method: "GET", path: "/health", access: "public", document: "health" },
  ],
};
