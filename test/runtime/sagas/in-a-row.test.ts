/** Steps in a row: one task runs them all and writes the history once. It fails, expires and parks for the step it has reached. */
import { expect, test } from "vitest";
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import { memoryInstances } from "../../../lib/adapters/memory/instances.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import { sending } from "../../../lib/model/saga.ts";
import type { MachineTask } from "../../../lib/model/sagas/machine-task.ts";
import { resumer } from "../../../lib/runtime/sagas/resume.ts";
import { sagaTask } from "../../../lib/runtime/sagas/saga-task.ts";
import { commandHandler, type HandleCommand } from "../../../lib/runtime/streams/handle-command.ts";
import { recordedEvents } from "../../../lib/runtime/streams/recorded.ts";
import { lendingOf, type Steps, step as stepOf } from "../../library/fixtures/lending-of.ts";
import { book, copyReleased, copyReserved, reserveCopy } from "../../library/lib/books/book.ts";
import { confirmLoan, loan, loanConfirmed, setDueDate } from "../../library/lib/loans/loan.ts";
import { loanOpened, member, openLoan } from "../../library/lib/members/member.ts";
import { recorded } from "../../model/recorded.ts";
import { storeEvents } from "../stored.ts";
import { unchanged } from "../unchanged.ts";
import { waitingEngine } from "../waiting-engine.ts";

const data = { loanId: "1", bookId: "emma", memberId: "ada" };

const phone = "+441632960001";

/** A step of a row has no undo and does not wait. */
const step = (
  name: string,
  send: Steps[number]["send"],
  succeeds: Steps[number]["succeeds"],
): Steps[number] => ({
  ...stepOf(name, { waits: false, undone: false }),
  send,
  succeeds,
});

const reserve = step(
  "reserve",
  sending(reserveCopy, ({ data: { bookId, loanId } }) => ({ bookId, loanId })),
  [copyReserved],
);
const check = step(
  "check",
  sending(openLoan, ({ data: { memberId, loanId } }) => ({ memberId, loanId })),
  [loanOpened],
);
const confirm = step(
  "confirm",
  sending(confirmLoan, ({ data: { loanId } }) => ({ loanId, phone })),
  [loanConfirmed],
);

const rowOf = (steps: Steps) => ({
  ...lendingOf(steps),
  completes: sending(setDueDate, ({ data: { loanId } }: Start) => ({ loanId })),
});

type Start = Parameters<ReturnType<typeof lendingOf>["identifiedBy"]>[0];

const sagaId = "lending/1";
const start = recorded("loan-1", { type: "LoanRequested", data });
const clock = () => new Date("2026-01-02T00:00:00Z");

/** The events of the library before the loan is requested. */
const before = [
  recorded("member-ada", { type: "MemberRegistered", data: { memberId: "ada", phone } }),
  ...["emma", "persuasion"].map((bookId) =>
    recorded(`book-${bookId}`, { type: "CopiesAcquired", data: { bookId, copies: 1 } }),
  ),
];

const rowIn = async (...given: Steps) => {
  const steps = given.length > 0 ? given : [reserve, check, confirm];
  const saga = rowOf(steps);
  const store = memoryEventStore();
  await storeEvents(store, [...before, start]);
  const memory = memoryInstances();
  await memory.append(sagaId, [start]);
  const log = memoryLog();
  const { engine } = waitingEngine();
  const system = { clock, log, sleep: async () => {}, random: () => 0 };
  const handling = commandHandler({ name: "library", deciders: [book, member, loan] }, { store, ...system });
  const sent: string[] = [];
  /** The step whose command cannot be handled, and how many notes can be written before one is lost. */
  const faults = { step: "", history: Number.POSITIVE_INFINITY };
  let history = 0;
  const handle: HandleCommand = async (command) => {
    const [, , name] = command.metadata.id.split("/");
    sent.push(`${name}`);
    if (name === faults.step) throw new Error("out of reach");
    return handling(command);
  };
  const instances: typeof memory = {
    ...memory,
    append: async (...given) => {
      history += 1;
      if (history > faults.history) throw new Error("died");
      return memory.append(...given);
    },
  };
  const task = sagaTask(saga, { current: unchanged, store, instances, engine, handle, clock, log });
  return {
    sent,
    faults,
    store,
    instances,
    counted: () => history,
    resume: () =>
      resumer(
        { sagas: [saga] },
        { current: unchanged, store, instances, engine, clock, log },
      )({ sagaId, how: "skip" }),
    steps: () =>
      log.entries().flatMap(({ kind, step, progress }) => (kind === "step" ? [`${step} ${progress}`] : [])),
    /** The events that the saga caused, stream by stream in the order of the steps. */
    caused: async () => {
      const streams = ["book-emma", "book-persuasion", "member-ada", "loan-1"] as const;
      const commits = await Promise.all(streams.map((id) => store.read(id, { consistency: "strong" })));
      return commits
        .flat()
        .flatMap(recordedEvents)
        .flatMap(({ type, metadata }) => (metadata.sagaId === sagaId ? [type] : []));
    },
    run: (act: MachineTask["act"] = "run", more: Partial<MachineTask> = {}) =>
      task({ sagaId, task: [...steps.map(({ name }) => name), "complete"], act, ...more }).then(
        () => "done",
        (error: Error) => `${error.name}: ${error.message}`,
      ),
  };
};

const succeeded = ["reserve succeeded", "check succeeded", "confirm succeeded", "complete succeeded"];

test("they run one after the other, are logged one by one, and the history is written once", async () => {
  const { run, sent, steps, counted, instances } = await rowIn();
  expect(await run()).toBe("done");
  expect(sent).toEqual(["reserve", "check", "confirm", "complete"]);
  expect(steps()).toEqual(succeeded);
  expect(counted()).toBe(1);
  const { history, listedStatus } = await instances.read(sagaId);
  expect(history.map(({ type }) => type)).toEqual([
    "LoanRequested",
    "CopyReserved",
    "LoanOpened",
    "LoanConfirmed",
    "DueDateSet",
  ]);
  expect(listedStatus).toMatchObject({ kind: "completed" });
});

test("a row that is done sends nothing and writes nothing when it runs again", async () => {
  const { run, sent, counted } = await rowIn();
  await run();
  expect(await run()).toBe("done");
  expect([sent.length, counted()]).toEqual([4, 1]);
});

test("a task runs only the steps that it names", async () => {
  const { run, sent, steps } = await rowIn();
  expect(await run("run", { task: ["reserve", "check"] })).toBe("done");
  expect(sent).toEqual(["reserve", "check"]);
  expect(await run("run", { task: "confirm" })).toBe("done");
  expect(steps()).toEqual(succeeded.slice(0, 3));
});

test("after an error the next run does only the rest", async () => {
  const { run, faults, sent, steps } = await rowIn();
  faults.step = "confirm";
  expect(await run()).toBe("Error: out of reach");
  expect(steps()).toEqual(succeeded.slice(0, 2));
  faults.step = "";
  expect(await run()).toBe("done");
  expect(sent.slice(3)).toEqual(["confirm", "complete"]);
  expect(steps()).toEqual(succeeded);
});

test("a run that ends before the history is written is answered the same when it runs again", async () => {
  const { run, faults, caused, instances, steps } = await rowIn();
  faults.history = 0;
  expect(await run()).toBe("Error: died");
  expect((await instances.read(sagaId)).history).toHaveLength(1);
  const earlier = await caused();
  faults.history = Number.POSITIVE_INFINITY;
  expect(await run()).toBe("done");
  expect(await caused()).toEqual(earlier);
  expect(steps().at(-1)).toBe("complete succeeded");
});

test("the step that the row has reached expires, and the saga turns back from it", async () => {
  const { run, faults, caused, sent } = await rowIn();
  faults.step = "check";
  await run();
  expect(await run("expire")).toBe("StepFailed: lending/1: check timed out");
  expect(await caused()).toEqual(["CopyReserved", "CommandExpired"]);
  const count = sent.length;
  expect(await run()).toBe("StepFailed: lending/1: check timed out");
  expect(await run("expire")).toBe("StepFailed: lending/1: check timed out");
  expect(sent).toHaveLength(count);
});

test("a step that was done does not expire, and the later steps still run", async () => {
  const { run, faults, steps, sent } = await rowIn();
  faults.history = 0;
  await run("run", { task: "reserve" });
  faults.history = Number.POSITIVE_INFINITY;
  expect(await run("expire")).toBe("done");
  expect(steps()).toEqual(["reserve succeeded"]);
  expect(await run()).toBe("done");
  expect(sent.slice(1)).toEqual(["check", "confirm", "complete"]);
});

test("after the pivot the saga does not turn back: the command is sent again", async () => {
  const { run, faults, sent, caused } = await rowIn({ ...reserve, pivot: true }, check);
  faults.step = "check";
  await run();
  expect(await run("expire")).toBe("done");
  expect(await caused()).toEqual(["CopyReserved"]);
  faults.step = "";
  expect(await run()).toBe("done");
  expect(sent).toEqual(["reserve", "check", "check", "complete"]);
});

test("it parks for the step that it has reached", async () => {
  const { run, instances } = await rowIn(reserve, { ...check, succeeds: [] }, confirm);
  const inWords = "check does not wait, but LoanOpened does not decide it";
  expect(await run()).toBe(`Parked: lending/1: ${inWords}`);
  expect(await run("park", { token: "token" })).toBe("done");
  expect((await instances.read(sagaId)).waiting).toEqual({ step: "parked:check", token: "token" });
});

test("parking does not undo a decision that came before: the row goes on", async () => {
  const { run, resume, sent, caused } = await rowIn(reserve, { ...check, succeeds: [copyReleased] }, confirm);
  expect(await run()).toMatch(/^Parked: lending\/1: check/);
  await resume();
  expect(await run("park", { token: "token" })).toBe("done");
  expect(await caused()).toEqual(["CopyReserved", "LoanOpened", "CommandResumed"]);
  expect(await run()).toBe("done");
  expect(sent.slice(2)).toEqual(["confirm", "complete"]);
});

/** The row of another definition of the saga. */
const other = (...names: readonly string[]) => ({ task: [...names, "complete"] });

test.each([
  ["lacks a step of the current definition", other("reserve", "confirm"), ["reserve"]],
  ["has a step that was removed", other("reserve", "check", "more", "confirm"), ["reserve", "check"]],
])("a row that %s runs as far as both definitions agree, and parks", async (_, row, done) => {
  const { run, sent } = await rowIn();
  expect(await run("run", row)).toMatch(/^Parked: the history of lending\/1 leads to no task /);
  expect(sent).toEqual(done);
  expect(await run("run", row)).toMatch(/^Parked: the history of lending\/1 leads to no task /);
  expect(sent).toEqual(done);
});

test("the row does not wait for the other commands of a step that has failed", async () => {
  const both = ["emma", "persuasion"].map((bookId) => reserveCopy({ bookId, loanId: "1" }));
  const { run, instances, store } = await rowIn({ ...reserve, send: { ...reserve.send, make: () => both } });
  const commandId = "lending/1/reserve/book-emma#1";
  const expired = { type: "CommandExpired", data: { command: "ReserveCopy", commandId } };
  await instances.append(sagaId, [recorded("book-emma", expired, { version: 2, sagaId })]);
  expect(await run()).toBe("StepFailed: lending/1: reserve timed out");
  const other = await store.read("book-persuasion", { after: 1, consistency: "strong" });
  expect(other.flatMap(({ events }) => events)).toMatchObject([{ type: "CommandExpired" }]);
});
