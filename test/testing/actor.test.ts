/** Who the actor of a decision is, in a whole application: the caller of a request, and no one for other commands. */
import { describe, expect, test } from "vitest";
import type { AnyApplication } from "../../lib/model/application.ts";
import type { Actor, AnyDecider } from "../../lib/model/decider.ts";
import type { Effect } from "../../lib/model/effect.ts";
import { inOneProcess } from "../../lib/testing/in-one-process.ts";
import { type LibraryServices, application as library } from "../library/lib/application.ts";
import { acquireCopies } from "../library/lib/books/book.ts";
import { loanRequested, requestLoan, withdrawRequest } from "../library/lib/loans/loan.ts";
import { registerMember } from "../library/lib/members/member.ts";
import { memorySmsGateway } from "../library/lib/sms/memory-sms-gateway.ts";

/** Acquires a copy of each book that is asked for. */
const acquireRequested: Effect<typeof loanRequested, object, typeof acquireCopies> = {
  name: "acquire-requested",
  on: loanRequested,
  answers: [acquireCopies],
  uses: {},
  perform: async ({ data: { bookId } }) => acquireCopies({ bookId, copies: 1 }),
};

type Decide = AnyDecider["decide"][string];
type Decided = { readonly command: string; readonly actor: Actor | undefined };

/** The library with this effect, and the decisions that it makes. */
const watched = () => {
  const decisions: Decided[] = [];
  const watch = ([name, decide]: readonly [string, Decide]): readonly [string, Decide] => [
    name,
    (command, state, context) => {
      decisions.push({ command: name, actor: context.actor });
      return decide(command, state, context);
    },
  ];
  const deciders = library.deciders.map((decider) => ({
    ...decider,
    decide: Object.fromEntries(Object.entries(decider.decide).map(watch)),
  }));
  const application: AnyApplication<LibraryServices> = { ...library, deciders, effects: [acquireRequested] };
  const actorsOf = (command: string) => [
    ...new Set(decisions.filter((each) => each.command === command).map(({ actor }) => actor)),
  ];
  return { ...inOneProcess(application, { sms: memorySmsGateway() }), actorsOf };
};

const ada = { subject: "ada", scopes: ["member"] };
const request = requestLoan({ loanId: "1", bookId: "emma", memberId: "ada" });

/** A parcel is delivered and a book is lent to Ada. */
const lent = async () => {
  const running = watched();
  const { send, hear, idle } = running;
  await send(registerMember({ memberId: "ada", phone: "+441632960001" }));
  hear({ source: "publisher", type: "ParcelDelivered", id: "1", data: { title: "emma", pieces: 1 } });
  await idle();
  const actorsOfTranslator = running.actorsOf("AcquireCopies");
  await send(request, { actor: ada });
  await idle();
  return { ...running, actorsOfTranslator };
};

describe("the actor of a decision is", () => {
  test("the caller of the request", async () => {
    const { actorsOf } = await lent();
    expect(actorsOf("RequestLoan")).toEqual([ada]);
  });

  test("absent if the request has no token", async () => {
    const { actorsOf } = await lent();
    expect(actorsOf("RegisterMember")).toEqual([undefined]);
  });

  test("absent for commands of sagas, although the caller started the saga", async () => {
    const { actorsOf, row } = await lent();
    expect(await row("loan-status", "1")).toMatchObject({ status: "lent" });
    expect(["ReserveCopy", "ConfirmLoan"].map(actorsOf)).toEqual([[undefined], [undefined]]);
  });

  test("absent for commands of translators", async () => {
    const { actorsOfTranslator } = await lent();
    expect(actorsOfTranslator).toEqual([undefined]);
  });

  test("absent for commands of effects, although the caller caused the effect", async () => {
    const { actorsOf, row } = await lent();
    expect(await row("book-copies", "emma")).toMatchObject({ copies: 2 });
    expect(actorsOf("AcquireCopies")).toEqual([undefined]);
  });
});

test("events record the subject of their caller, and no one for other commands", async () => {
  const { events } = await lent();
  const actors = (await events("loan-1")).map(({ type, metadata }) => [type, metadata.actor]);
  expect(actors.slice(0, 2)).toEqual([
    ["LoanRequested", "ada"],
    ["LoanConfirmed", undefined],
  ]);
});

test("the kit checks no owner, because owners belong to routes", async () => {
  const { send } = watched();
  await send(request, { actor: ada });
  const eve = { subject: "eve", scopes: [] };
  expect(await send(withdrawRequest({ loanId: "1" }), { actor: eve })).toMatchObject({ kind: "accepted" });
});
