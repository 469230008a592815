import { expect, test } from "vitest";
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import type { RecordedEvent, SentCommand } from "../../../lib/model/message.ts";
import { positionOf } from "../../../lib/model/sagas/position.ts";
import type { EventStore } from "../../../lib/ports/event-store.ts";
import { type Conclusion, conclude } from "../../../lib/runtime/sagas/conclude.ts";
import { approvedLending } from "../../library/fixtures/approved-loans.ts";
import { expired, outside, own, rejected, sagaId, start } from "../../library/fixtures/loan-history.ts";
import { commitOf, storeEvents } from "../stored.ts";
import { unchanged } from "../unchanged.ts";

const held = own(2, "BookHeld", "hold");
const asked = own(3, "LibrarianAsked", "approval");
const clock = () => new Date("2026-02-01T00:00:00Z");

const reachedIn = (history: readonly RecordedEvent[], name: string) => {
  const { tasks = [] } = positionOf(approvedLending, { id: sagaId, history }) ?? {};
  const reached = tasks.find(({ task }) => task.name === name);
  if (!reached) throw new Error(`no task ${name}`);
  return reached;
};

type Ending = {
  readonly task: string;
  readonly history: readonly RecordedEvent[];
  readonly conclusion?: Conclusion;
};

/** Concludes the only command of the task that waits by the history, and returns the events of the stream. */
const concluded = async (
  store: EventStore,
  { task: name, history, conclusion = { kind: "expire" } }: Ending,
) => {
  const { task, progress } = reachedIn(history, name);
  const [command] = conclusion.kind === "expire" ? progress.undecided : progress.parked;
  if (!command) throw new Error("nothing waits");
  await conclude({ current: unchanged, store, clock })(task, command, conclusion);
  const commits = await store.read("loan-1", { consistency: "strong" });
  return commits.map(({ id, events: [{ type }] }) => `${type} ${id}`);
};

const storeOf = async (events: readonly RecordedEvent[]) => {
  const store = memoryEventStore();
  await storeEvents(store, events);
  return store;
};

test("a command that was recorded, but whose outcome is missing, still expires: the deadline is not lost", async () => {
  const history = [start, held, asked];
  expect((await concluded(await storeOf(history), { task: "approval", history })).slice(3)).toEqual([
    "CommandExpired lending/1/approval/loan-1#1/expire",
  ]);
});

test("a command that never arrived expires", async () => {
  const history = [start, held];
  expect((await concluded(await storeOf(history), { task: "approval", history })).slice(2)).toEqual([
    "CommandExpired lending/1/approval/loan-1#1/expire",
  ]);
});

test("the receipt names the command, and has the metadata of the command", async () => {
  const history = [start, held, asked];
  const store = await storeOf(history);
  await concluded(store, { task: "approval", history });
  expect((await store.read("loan-1", { after: 3, consistency: "strong" }))[0]).toMatchObject({
    at: "2026-02-01T00:00:00.000Z",
    events: [{ data: { command: "AskLibrarian", commandId: "lending/1/approval/loan-1#1" } }],
    metadata: { sagaId, causationId: "loan-1@1", correlationId: "request" },
  });
});

test("a command that the stream has decided does not expire, whether or not the history has it", async () => {
  const history = [start, held, asked];
  const store = await storeOf([...history, outside(4, "Approved")]);
  expect(await concluded(store, { task: "approval", history })).toHaveLength(4);
});

test("a command that was rejected before the pivot does not expire", async () => {
  const store = await storeOf([start, rejected(2, "hold")]);
  expect(await concluded(store, { task: "hold", history: [start] })).toHaveLength(2);
});

test("a command expires once", async () => {
  const history = [start, held, asked];
  const store = await storeOf([...history, expired(4, "approval")]);
  expect(await concluded(store, { task: "approval", history })).toHaveLength(4);
});

test("after the pivot, with one timeout after another, each recorded attempt expires once", async () => {
  const forward = [start, held, asked, outside(4, "Approved"), expired(5, "hand-over")];
  const history = forward.slice(0, 4);
  expect(await concluded(await storeOf(forward), { task: "hand-over", history })).toHaveLength(5);
  const store = await storeOf([...forward, own(6, "LibrarianAsked", "hand-over", 2)]);
  expect((await concluded(store, { task: "hand-over", history: forward })).at(-1)).toBe(
    "CommandExpired lending/1/hand-over/loan-1#2/expire",
  );
});

test("an answer that arrives during the read wins", async () => {
  const history = [start, held, asked];
  const store = await storeOf(history);
  let isFirst = true;
  const overtaken: EventStore = {
    ...store,
    append: async (commit) => {
      if (isFirst) await store.append(commitOf(outside(4, "Approved")));
      isFirst = false;
      return store.append(commit);
    },
  };
  expect((await concluded(overtaken, { task: "approval", history })).slice(3)).toEqual([
    "Approved http/loan-1/4",
  ]);
});

test("it reads the stream strongly consistent, and folds nothing", async () => {
  const history = [start, held, asked];
  const store = await storeOf([...history, { ...outside(4, "NobodyKnowsThis"), data: { broken: true } }]);
  const strongOnly: EventStore = {
    ...store,
    read: async (streamId, options) =>
      options.consistency === "strong" ? store.read(streamId, options) : [],
  };
  expect((await concluded(strongOnly, { task: "approval", history })).at(-1)).toMatch(/^CommandExpired/);
});

test("a command that is not parked is not resumed", async () => {
  const parked = [start, held, asked, outside(4, "Refused"), rejected(5, "undo-hold")];
  const store = await storeOf([...parked, own(6, "BookFreed", "undo-hold")]);
  const conclusion = { kind: "resume", how: "retry", actor: undefined } as const;
  expect(await concluded(store, { task: "undo-hold", history: parked, conclusion })).toHaveLength(6);
});

test("only the command's own attempt is concluded", async () => {
  const history = [start, held, asked];
  const store = await storeOf(history);
  const { task, progress } = reachedIn(history, "approval");
  const [command] = progress.undecided;
  if (!command) throw new Error("nothing waits");
  const other: SentCommand = {
    ...command,
    metadata: { ...command.metadata, id: "lending/1/approval/loan-1#9" },
  };
  const found = await conclude({ current: unchanged, store, clock })(task, other, { kind: "expire" });
  expect(found.map(({ type }) => type)).toEqual(["LoanRequested", "BookHeld", "LibrarianAsked"]);
});

test("after the pivot a command that no stream has recorded never expires: it is sent again unchanged", async () => {
  const forward = [start, held, asked, outside(4, "Approved")];
  expect(await concluded(await storeOf(forward), { task: "hand-over", history: forward })).toHaveLength(4);
});
