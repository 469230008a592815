/** The owner is checked on the state on which a command is decided, also if another commit comes in between. */
import { expect, test } from "vitest";
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import type { AnyDecider } from "../../../lib/model/decider.ts";
import type { CommandRoute } from "../../../lib/model/http/route.ts";
import type { Command } from "../../../lib/model/message.ts";
import type { EventStore } from "../../../lib/ports/event-store.ts";
import { ownershipOf } from "../../../lib/runtime/http/ownership.ts";
import { commandHandler } from "../../../lib/runtime/streams/handle-command.ts";
import { borrowerOf, loan, requestLoan, withdrawRequest } from "../../library/lib/loans/loan.ts";

const now = new Date("2026-01-01T00:00:00Z");

/** A loan that another member takes over when its due date is set. */
const passedOn: AnyDecider = {
  ...loan,
  evolve: { ...loan.evolve, DueDateSet: () => ({ status: "requested", bookId: "emma", memberId: "eve" }) },
};

const withdrawing: CommandRoute = {
  method: "POST",
  path: "/loans/{loanId}/withdrawal",
  access: "member",
  owner: { fact: borrowerOf, exempt: [] },
  command: withdrawRequest,
};
const requesting: CommandRoute = {
  ...withdrawing,
  path: "/loans",
  owner: { field: "memberId", fact: borrowerOf, exempt: [] },
  command: requestLoan,
};

const request = (memberId: string) => requestLoan({ loanId: "1", bookId: "emma", memberId });

/** A store in which this happens just before the next append. */
const interrupted = () => {
  const store = memoryEventStore();
  let meanwhile = async () => {};
  const append: EventStore["append"] = async (commit) => {
    const happens = meanwhile;
    meanwhile = async () => {};
    await happens();
    return store.append(commit);
  };
  let commands = 0;
  const ports = { clock: () => now, sleep: async () => {}, random: () => 0, log: memoryLog() };
  const handle = commandHandler(
    { name: "library", deciders: [passedOn] },
    { ...ports, store: { ...store, append } },
  );
  const send = (subject: string, route: CommandRoute, command: Command) => {
    commands += 1;
    const id = `http/${commands}`;
    const metadata = { id, causationId: id, correlationId: id, issuedAt: now.toISOString(), receipt: false };
    const caller = { caller: { subject, scopes: [] }, isExempt: false };
    return handle({ ...command, metadata }, { ownership: ownershipOf(route, passedOn, caller) });
  };
  const types = async () =>
    (await store.read("loan-1", { consistency: "strong" })).flatMap(({ events }) =>
      events.map(({ type }) => type),
    );
  return {
    store,
    send,
    types,
    before: (next: () => Promise<void>) => {
      meanwhile = next;
    },
  };
};

test("a member who loses the loan while the command is decided does not change it", async () => {
  const { store, send, types, before } = interrupted();
  await send("ada", requesting, request("ada"));
  before(async () => {
    await store.append({
      streamId: "loan-1",
      version: 2,
      id: "operator/1",
      at: now.toISOString(),
      events: [{ type: "DueDateSet", data: { loanId: "1", due: now.toISOString() } }],
      metadata: { causationId: "c", correlationId: "c", issuedAt: now.toISOString() },
    });
  });
  expect(await send("ada", withdrawing, withdrawRequest({ loanId: "1" }))).toMatchObject({ kind: "unowned" });
  expect(await types()).toEqual(["LoanRequested", "DueDateSet"]);
  expect(await send("eve", withdrawing, withdrawRequest({ loanId: "1" }))).toMatchObject({
    kind: "accepted",
  });
});

test("of two members who begin the same stream at once, the second changes nothing", async () => {
  const { send, types, before } = interrupted();
  before(async () => {
    expect(await send("ada", requesting, request("ada"))).toMatchObject({ kind: "accepted" });
  });
  expect(await send("eve", requesting, request("eve"))).toMatchObject({
    kind: "rejected",
    code: "already-requested",
  });
  expect(await types()).toEqual(["LoanRequested"]);
  expect(await send("eve", withdrawing, withdrawRequest({ loanId: "1" }))).toMatchObject({ kind: "unowned" });
});
