/** The library: the application value that is deployed, run and documented. */
import type { Application } from "eventfold";
import { acquireCopies, book } from "./books/book.ts";
import { bookCopies } from "./books/book-copies.ts";
import { publisherDeliveries } from "./books/publisher-deliveries.ts";
import { lending } from "./loans/lending.ts";
import { borrowerOf, loan, requestLoan, returnBook, withdrawRequest } from "./loans/loan.ts";
import { loanPeriod } from "./loans/loan-period.ts";
import { loanStatus } from "./loans/loan-status.ts";
import { loansPerDay } from "./loans/loans-per-day.ts";
import { sendReminder } from "./loans/send-reminder.ts";
import { takeBack } from "./loans/take-back.ts";
import { member, registerMember } from "./members/member.ts";
import type { SmsGateway } from "./sms/sms-gateway.ts";

export type LibraryServices = { readonly sms: SmsGateway };

const location = "/loans/{loanId}";

const access = ["public", "member", "librarian"] as const;

export const application: Application<LibraryServices, typeof access> = {
  name: "library",
  version: "1.0.0",
  deciders: [book, member, loan],
  projections: [bookCopies, loanStatus, loansPerDay],
  effects: [sendReminder],
  sagas: [lending, loanPeriod, takeBack],
  translators: [publisherDeliveries],
  access,
  routes: [
    {
      method: "POST",
      path: "/members",
      summary: "Register a member",
      access: "librarian",
      owner: "none",
      command: registerMember,
    },
    {
      method: "POST",
      path: "/books/{bookId}/copies",
      summary: "Add copies of a book",
      access: "librarian",
      owner: "none",
      command: acquireCopies,
      location: "/books/{bookId}",
      key: "required",
    },
    {
      method: "POST",
      path: "/loans",
      summary: "Ask for a book",
      access: "member",
      owner: { field: "memberId", exempt: ["librarian"] },
      command: requestLoan,
      location,
    },
    {
      method: "POST",
      path: "/loans/{loanId}/withdrawal",
      summary: "Withdraw a request",
      access: "member",
      owner: { fact: borrowerOf, exempt: ["librarian"] },
      command: withdrawRequest,
      location,
    },
    {
      method: "POST",
      path: "/loans/{loanId}/return",
      summary: "Return a book",
      access: "librarian",
      owner: "none",
      command: returnBook,
      location,
    },
    {
      method: "GET",
      path: "/books/{bookId}",
      summary: "Show the copies of a book",
      access: "public",
      owner: "none",
      query: bookCopies,
      versionOf: book,
    },
    {
      method: "GET",
      path: "/loans/{loanId}",
      summary: "Show a loan",
      access: "member",
      owner: { field: "memberId", exempt: ["librarian"] },
      query: loanStatus,
      versionOf: loan,
    },
    {
      method: "GET",
      path: "/loans",
      summary: "List the loans of a member",
      access: "member",
      owner: { field: "memberId", exempt: ["librarian"] },
      list: loanStatus,
      indexes: ["byMember"],
    },
    {
      method: "GET",
      path: "/days",
      summary: "Count the loans of each day, the newest day first",
      access: "public",
      owner: "none",
      list: loansPerDay,
      indexes: ["newest"],
    },
    {
      method: "GET",
      path: "/sagas",
      summary: "List sagas by their status",
      access: "librarian",
      owner: "none",
      sagas: "list",
    },
    {
      method: "GET",
      path: "/sagas/{saga}/{id}",
      summary: "Show where one saga is, and why",
      access: "librarian",
      owner: "none",
      sagas: "status",
    },
    {
      method: "POST",
      path: "/sagas/{saga}/{id}/resume",
      summary: "Retry or skip the step of a parked saga",
      access: "librarian",
      owner: "none",
      sagas: "resume",
    },
    {
      method: "GET",
      path: "/openapi.json",
      summary: "Read this API as an OpenAPI document",
      access: "public",
      document: "openapi",
    },
    { method: "GET", path: "/docs", summary: "Read this API as a page", access: "public", document: "page" },
    {
      method: "GET",
      path: "/health",
      summary: "Check that the API can read its data",
      access: "public",
      document: "health",
    },
  ],
};
