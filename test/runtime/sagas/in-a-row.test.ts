/** Steps in a row: one task does them all, with one note, and fails, expires and parks for the one that it has come to. */
import { expect, test } from "vitest";
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import { memoryInstances } from "../../../lib/adapters/memory/instances.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import type { Decider } from "../../../lib/model/decider.ts";
import { command, event } from "../../../lib/model/reference.ts";
import { sending } from "../../../lib/model/saga.ts";
import type { MachineTask } from "../../../lib/model/sagas/machine-task.ts";
import { resumer } from "../../../lib/runtime/sagas/resume.ts";
import { sagaTask } from "../../../lib/runtime/sagas/saga-task.ts";
import { commandHandler, type HandleCommand } from "../../../lib/runtime/streams/handle-command.ts";
import { recordedEvents } from "../../../lib/runtime/streams/recorded.ts";
import { job, type Steps, sagaOf, step as smallStep } from "../../compile/small-saga.ts";
import { recorded } from "../../model/recorded.ts";
import { storeEvents } from "../stored.ts";
import { waitingEngine } from "../waiting-engine.ts";

const data = { id: "1" };
const schema = job.commands.Do;

/** Each step has a command and an event of its own. */
const commands = { ...job.commands, One: schema, Two: schema, Three: schema };
const events = { ...job.events, OneDone: schema, TwoDone: schema, ThreeDone: schema };
const count = (done: number) => done + 1;
const bench: Decider<number, typeof commands, typeof events, []> = {
  ...job,
  commands,
  events,
  decide: {
    ...job.decide,
    One: ({ data }) => [{ type: "OneDone", data }],
    Two: ({ data }) => [{ type: "TwoDone", data }],
    Three: ({ data }) => [{ type: "ThreeDone", data }],
  },
  evolve: { ...job.evolve, OneDone: count, TwoDone: count, ThreeDone: count },
};

const sendTo = (name: "One" | "Two" | "Three") =>
  sending(command(bench, name), ({ data: { id } }: { readonly data: { readonly id: string } }) => ({ id }));

const step = (name: "One" | "Two" | "Three", more: Partial<Steps[number]> = {}): Steps[number] => ({
  ...smallStep(name.toLowerCase(), { waits: false, undone: false }),
  send: sendTo(name),
  succeeds: [event(bench, `${name}Done`)],
  ...more,
});

const sagaId = "run/1";
const start = recorded("job-1", { type: "Begun", data });
const clock = () => new Date("2026-01-02T00:00:00Z");

const workshop = async (...given: Steps) => {
  const steps = given.length > 0 ? given : [step("One"), step("Two"), step("Three")];
  const saga = sagaOf(steps);
  const store = memoryEventStore();
  await storeEvents(store, [start]);
  const memory = memoryInstances();
  await memory.append(sagaId, [start]);
  const log = memoryLog();
  const { engine } = waitingEngine();
  const system = { clock, log, sleep: async () => {}, random: () => 0 };
  const handling = commandHandler({ name: "shop", deciders: [bench] }, { store, ...system });
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
  const task = sagaTask(saga, { store, instances, engine, handle, clock, log });
  return {
    sent,
    faults,
    store,
    instances,
    counted: () => history,
    resume: () =>
      resumer({ sagas: [saga] }, { store, instances, engine, clock, log })({ sagaId, how: "skip" }),
    steps: () =>
      log.entries().flatMap(({ kind, step, progress }) => (kind === "step" ? [`${step} ${progress}`] : [])),
    history: async () =>
      (await store.read("job-1", { consistency: "strong" })).flatMap(recordedEvents).map(({ type }) => type),
    run: (act: MachineTask["act"] = "run", more: Partial<MachineTask> = {}) =>
      task({ sagaId, task: [...steps.map(({ name }) => name), "complete"], act, ...more }).then(
        () => "done",
        (error: Error) => `${error.name}: ${error.message}`,
      ),
  };
};

const succeeded = ["one succeeded", "two succeeded", "three succeeded", "complete succeeded"];

test("they are done one after the other, told one by one, and noted once", async () => {
  const { run, sent, steps, counted, instances } = await workshop();
  expect(await run()).toBe("done");
  expect(sent).toEqual(["one", "two", "three", "complete"]);
  expect(steps()).toEqual(succeeded);
  expect(counted()).toBe(1);
  const { history, listedStatus } = await instances.read(sagaId);
  expect(history.map(({ type }) => type)).toEqual(["Begun", "OneDone", "TwoDone", "ThreeDone", "Ended"]);
  expect(listedStatus).toMatchObject({ kind: "completed" });
});

test("once done they are done: again, nothing is sent and nothing noted", async () => {
  const { run, sent, counted } = await workshop();
  await run();
  expect(await run()).toBe("done");
  expect([sent.length, counted()]).toEqual([4, 1]);
});

test("it goes no further than it is told", async () => {
  const { run, sent, steps } = await workshop();
  expect(await run("run", { task: ["one", "two"] })).toBe("done");
  expect(sent).toEqual(["one", "two"]);
  expect(await run("run", { task: "three" })).toBe("done");
  expect(steps()).toEqual(succeeded.slice(0, 3));
});

test("what a fault leaves undone is all that is done the next time", async () => {
  const { run, faults, sent, steps } = await workshop();
  faults.step = "three";
  expect(await run()).toBe("Error: out of reach");
  expect(steps()).toEqual(succeeded.slice(0, 2));
  faults.step = "";
  expect(await run()).toBe("done");
  expect(sent.slice(3)).toEqual(["three", "complete"]);
  expect(steps()).toEqual(succeeded);
});

test("what dies before its note is answered the same when it is run again", async () => {
  const { run, faults, history, instances, steps } = await workshop();
  faults.history = 0;
  expect(await run()).toBe("Error: died");
  expect((await instances.read(sagaId)).history).toHaveLength(1);
  const before = await history();
  faults.history = Number.POSITIVE_INFINITY;
  expect(await run()).toBe("done");
  expect(await history()).toEqual(before);
  expect(steps().at(-1)).toBe("complete succeeded");
});

test("what expires is the step that it has come to; the saga turns back from there", async () => {
  const { run, faults, history, sent } = await workshop();
  faults.step = "two";
  await run();
  expect(await run("expire")).toBe("StepFailed: run/1: two timed out");
  expect(await history()).toEqual(["Begun", "OneDone", "CommandExpired"]);
  const before = sent.length;
  expect(await run()).toBe("StepFailed: run/1: two timed out");
  expect(await run("expire")).toBe("StepFailed: run/1: two timed out");
  expect(sent).toHaveLength(before);
});

test("a step that was done after all does not expire, and those after it are still to be done", async () => {
  const { run, faults, steps, sent } = await workshop();
  faults.history = 0;
  await run("run", { task: "one" });
  faults.history = Number.POSITIVE_INFINITY;
  expect(await run("expire")).toBe("done");
  expect(steps()).toEqual(["one succeeded"]);
  expect(await run()).toBe("done");
  expect(sent.slice(1)).toEqual(["two", "three", "complete"]);
});

test("after the pivot nothing turns back: it is sent again", async () => {
  const { run, faults, sent, history } = await workshop(step("One", { pivot: true }), step("Two"));
  faults.step = "two";
  await run();
  expect(await run("expire")).toBe("done");
  expect(await history()).toEqual(["Begun", "OneDone"]);
  faults.step = "";
  expect(await run()).toBe("done");
  expect(sent).toEqual(["one", "two", "two", "complete"]);
});

test("it parks for the step that it has come to", async () => {
  const { run, instances } = await workshop(step("One"), step("Two", { succeeds: [] }), step("Three"));
  const inWords = "two does not wait, but TwoDone decides nothing of it";
  expect(await run()).toBe(`Parked: run/1: ${inWords}`);
  expect(await run("park", { token: "token" })).toBe("done");
  expect((await instances.read(sagaId)).waiting).toEqual({ step: "parked:two", token: "token" });
  expect(await run("park", { execution: "1" })).toBe("done");
  expect((await instances.read(sagaId)).parked?.because).toBe(inWords);
});

test("a decision that came before it parks is not undone by it: the row goes on", async () => {
  const { run, resume, sent, history } = await workshop(
    step("One"),
    step("Two", { succeeds: [event(bench, "Undone")] }),
    step("Three"),
  );
  expect(await run()).toMatch(/^Parked: run\/1: two/);
  await resume();
  expect(await run("park", { token: "token" })).toBe("done");
  expect(await history()).toEqual(["Begun", "OneDone", "TwoDone", "CommandResumed"]);
  expect(await run()).toBe("done");
  expect(sent.slice(2)).toEqual(["three", "complete"]);
});

/** The row that another definition of the saga was compiled to. */
const other = (...names: readonly string[]) => ({ task: [...names, "complete"] });

test.each([
  ["lacks a step that there is now", other("one", "three"), ["one"]],
  ["has a step that there is no longer", other("one", "two", "more", "three"), ["one", "two"]],
])("a row that %s goes as far as both agree, and parks", async (_, row, done) => {
  const { run, sent } = await workshop();
  expect(await run("run", row)).toMatch(/^Parked: run\/1 has no task /);
  expect(sent).toEqual(done);
  expect(await run("run", row)).toMatch(/^Parked: run\/1 has no task /);
  expect(sent).toEqual(done);
});

test("nobody waits for the siblings of a command that has failed", async () => {
  const both = ["1", "2"].map((id) => ({ type: "One", data: { id }, streamId: `job-${id}` as const }));
  const { run, instances, store } = await workshop(
    step("One", { send: { ...sendTo("One"), make: () => both } }),
  );
  const commandId = "run/1/one/job-1#1";
  const expired = { type: "CommandExpired", data: { command: "One", commandId } };
  await instances.append(sagaId, [recorded("job-1", expired, { version: 2, sagaId })]);
  expect(await run()).toBe("StepFailed: run/1: one timed out");
  const other = await store.read("job-2", { consistency: "strong" });
  expect(other.flatMap(({ events }) => events)).toMatchObject([{ type: "CommandExpired" }]);
});
