import { describe, expect, test } from "vitest";
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import { memoryInstances } from "../../../lib/adapters/memory/instances.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import type { RecordedEvent } from "../../../lib/model/message.ts";
import type { MachineTask } from "../../../lib/model/sagas/machine-task.ts";
import { PermanentError } from "../../../lib/ports/permanent-error.ts";
import { reactor } from "../../../lib/runtime/sagas/react.ts";
import { sagaTask } from "../../../lib/runtime/sagas/saga-task.ts";
import { commandHandler, type HandleCommand } from "../../../lib/runtime/streams/handle-command.ts";
import { approvedLending, approvedLibrary } from "../../library/fixtures/approved-loans.ts";
import { expired, outside, own, rejected, sagaId, start } from "../../library/fixtures/loan-history.ts";
import { deliveryOf } from "../deliveries.ts";
import { storeEvents } from "../stored.ts";
import { unchanged } from "../unchanged.ts";
import { waitingEngine } from "../waiting-engine.ts";

const held = own(2, "BookHeld", "hold");
const asked = own(3, "LibrarianAsked", "approval");
const approved = outside(4, "Approved");
const refused = outside(4, "Refused");
const locked = outside(5, "Locked");

const clock = () => new Date("2026-01-02T00:00:00Z");

type Interruption = {
  readonly beforeHandling?: () => Promise<unknown>;
  readonly afterHandling?: () => Promise<unknown>;
};

/** The loan with these events in its stream, some of them in the history, and the function of its saga. */
const fixture = async (events: readonly RecordedEvent[], history = events) => {
  const store = memoryEventStore();
  await storeEvents(store, events);
  const instances = memoryInstances();
  await instances.append(sagaId, history);
  const { engine, completed } = waitingEngine("token", "next");
  const log = memoryLog();
  const interruption: { current: Interruption } = { current: {} };
  let intervention = async () => {};
  /** Another process acts before each operation. */
  const shared = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function"
          ? async (...parameters: unknown[]) => {
              await intervention();
              return Reflect.apply(member, target, parameters);
            }
          : member;
      },
    });
  const handling = commandHandler(approvedLibrary, {
    store: shared(store),
    clock,
    log,
    sleep: async () => {},
    random: () => 0,
  });
  const sent: string[] = [];
  const handle: HandleCommand = async (command) => {
    sent.push(command.metadata.id.slice(`${sagaId}/`.length));
    await interruption.current.beforeHandling?.();
    const answer = await handling(command);
    await interruption.current.afterHandling?.();
    return answer;
  };
  const run = sagaTask(approvedLending, {
    current: unchanged,
    store: shared(store),
    instances: shared(instances),
    engine,
    handle,
    clock,
    log,
  });
  const react = reactor(approvedLending, { current: unchanged, instances, engine, clock, log });
  return {
    store,
    instances,
    completed,
    sent,
    log,
    interrupt: (interrupted: Interruption) => {
      interruption.current = interrupted;
    },
    intervene: (by: () => Promise<void>) => {
      intervention = by;
    },
    react: (event: RecordedEvent) => react([deliveryOf(event)]),
    run: (task: string, act: MachineTask["act"] = "run", token?: string) => run({ sagaId, task, act, token }),
    history: async () => (await instances.read(sagaId)).history.map(({ type }) => type),
  };
};

const failure = (work: Promise<void>) =>
  work.then(
    () => undefined,
    (error: Error) => `${error.name}: ${error.message}`,
  );

test("a step sends its command, appends the answer with its token, and completes the token", async () => {
  const { run, sent, history, completed, instances } = await fixture([start]);
  await run("hold", "run", "token");
  expect(sent).toEqual(["hold/loan-1#1"]);
  expect(await history()).toEqual(["LoanRequested", "BookHeld"]);
  expect((await instances.read(sagaId)).waiting).toEqual({ step: "hold", token: "token" });
  expect(completed).toEqual(["token"]);
});

test("a step whose outcome will come from others keeps waiting", async () => {
  const { run, completed, history } = await fixture([start, held]);
  await run("approval", "run", "token");
  expect(await history()).toEqual(["LoanRequested", "BookHeld", "LibrarianAsked"]);
  expect(completed).toEqual([]);
});

test("an outcome that another process appends at any moment of the task is not missed", async () => {
  for (let moment = 1; moment <= 6; moment += 1) {
    let operations = 0;
    const { run, react, intervene, completed } = await fixture([start, held]);
    intervene(async () => {
      operations += 1;
      if (operations === moment) await react(approved);
    });
    await run("approval", "run", "token");
    if (operations < moment) await react(approved);
    expect(completed).toEqual(["token"]);
  }
});

test("an outcome appended after the token was stored completes it", async () => {
  const { run, react, completed } = await fixture([start, held]);
  await run("approval", "run", "token");
  await react(approved);
  expect(completed).toEqual(["token"]);
});

test("an outcome recorded before the step ran is found in the stream", async () => {
  const { run, completed, history } = await fixture([start, held, outside(3, "Approved")], [start, held]);
  await run("approval", "run", "token");
  expect(completed).toEqual(["token"]);
  expect(await history()).toEqual(["LoanRequested", "BookHeld", "Approved", "LibrarianAsked"]);
});

test("a retried step sends no command that was answered, and its new token gets the outcome", async () => {
  const { run, sent, completed } = await fixture([start, held, asked, approved]);
  await run("approval", "run", "next");
  expect(sent).toEqual([]);
  expect(completed).toEqual(["next"]);
});

test("a retried step does not send a command again that was answered without a decision", async () => {
  const { run, sent } = await fixture([start, held, asked]);
  await run("approval", "run", "next");
  expect(sent).toEqual([]);
});

test("a step that crashed between sending and appending gets the same answer on the retry", async () => {
  const { run, interrupt, completed, store } = await fixture([start]);
  interrupt({
    afterHandling: async () => {
      throw new Error("died");
    },
  });
  expect(await failure(run("hold", "run", "token"))).toBe("Error: died");
  interrupt({});
  await run("hold", "run", "next");
  expect(completed).toEqual(["next"]);
  expect(await store.read("loan-1", { consistency: "strong" })).toHaveLength(2);
});

test("a rejected step completes its token as failed, with the reason", async () => {
  const { run, completed } = await fixture([start, outside(2, "Locked")], [start]);
  await run("hold", "run", "token");
  expect(completed).toEqual(["token StepFailed: hold rejected: locked, the shelf is locked"]);
});

test("after the pivot a rejected step completes its token as parked", async () => {
  const { run, completed } = await fixture([start, held, asked, approved, locked]);
  await run("hand-over", "run", "token");
  expect(completed).toEqual(["token Parked: hand-over rejected: locked, the shelf is locked"]);
});

test("an expiry makes an undecided step fail", async () => {
  const { run, history } = await fixture([start, held, asked]);
  expect(await failure(run("approval", "expire"))).toBe("StepFailed: lending/1: approval timed out");
  expect((await history()).at(-1)).toBe("CommandExpired");
});

test("an expiry continues if the step has succeeded", async () => {
  const { run, history } = await fixture([start, held, asked, approved], [start, held, asked]);
  expect(await failure(run("approval", "expire"))).toBeUndefined();
  expect((await history()).at(-1)).toBe("Approved");
});

test("after the pivot a command that its stream has not recorded is sent again unchanged", async () => {
  const forward = [start, held, asked, approved];
  const { run, sent, store, log } = await fixture(forward);
  expect(await failure(run("hand-over", "expire"))).toBeUndefined();
  expect(await store.read("loan-1", { consistency: "strong" })).toHaveLength(forward.length);
  expect(log.counted()).toEqual(["SagaDelayed"]);
  await run("hand-over", "run", "token");
  expect(sent).toEqual(["hand-over/loan-1#1"]);
});

test("after the pivot a command without an outcome expires, and is sent again under a new id", async () => {
  const { run, sent } = await fixture([start, held, asked, approved, own(5, "LibrarianAsked", "hand-over")]);
  expect(await failure(run("hand-over", "expire"))).toBeUndefined();
  await run("hand-over", "run", "token");
  expect(sent).toEqual(["hand-over/loan-1#2"]);
});

test("an expired command that was in flight has no effect when it arrives", async () => {
  const { run, interrupt, store } = await fixture([start]);
  interrupt({ beforeHandling: () => run("hold", "expire").catch(() => {}) });
  await run("hold", "run", "token");
  const types = (await store.read("loan-1", { consistency: "strong" })).flatMap(({ events }) =>
    events.map(({ type }) => type),
  );
  expect(types.slice(1)).toEqual(["CommandExpired"]);
});

test("a fault of a task is counted, because it is retried silently; a named error of a task is not", async () => {
  const { run, interrupt, log } = await fixture([start, held, asked]);
  expect(await failure(run("approval", "expire"))).toBe("StepFailed: lending/1: approval timed out");
  expect(log.counted()).toEqual([]);
  interrupt({
    beforeHandling: async () => {
      throw new Error("out of reach");
    },
  });
  expect(await failure(run("undo-hold"))).toBe("Error: out of reach");
  expect(log.counted()).toEqual(["SagaDelayed"]);
});

test("a compensation is answered within the call", async () => {
  const { run, history } = await fixture([start, held, asked, refused]);
  expect(await failure(run("undo-hold"))).toBeUndefined();
  expect((await history()).at(-1)).toBe("BookFreed");
});

test("a rejected compensation asks to be parked", async () => {
  const { run } = await fixture([start, held, asked, refused, locked]);
  expect(await failure(run("undo-hold"))).toBe(
    "Parked: lending/1: undo-hold rejected: locked, the shelf is locked",
  );
});

test("a compensation that cannot be answered now is retried", async () => {
  const { instances, store, log } = await fixture([start, held, asked, refused]);
  const handle: HandleCommand = async () => ({ kind: "contended", version: 0, history: [] });
  const { engine } = waitingEngine();
  const run = sagaTask(approvedLending, { current: unchanged, store, instances, engine, handle, clock, log });
  expect(await failure(run({ sagaId, task: "undo-hold", act: "run" }))).toMatch(/^Retryable: /);
});

test("parking expires undecided commands, counts, and waits for an operator", async () => {
  const { run, history, completed, log, instances } = await fixture([start, held, asked, refused]);
  await run("undo-hold", "park", "token");
  expect((await history()).at(-1)).toBe("CommandExpired");
  expect(completed).toEqual([]);
  expect(log.counted()).toEqual(["SagaParked"]);
  expect((await instances.read(sagaId)).waiting).toEqual({ step: "parked:undo-hold", token: "token" });
});

test("no operator is needed if the compensation has succeeded", async () => {
  const done = own(5, "BookFreed", "undo-hold");
  const { run, completed, log } = await fixture(
    [start, held, asked, refused, done],
    [start, held, asked, refused],
  );
  await run("undo-hold", "park", "token");
  expect(completed).toEqual(["token"]);
  expect(log.counted()).toEqual([]);
});

test("a rejection that is appended while the saga waits for an operator changes nothing", async () => {
  const events = [start, held, asked, refused, locked, rejected(6, "undo-hold")];
  const { run, react, completed } = await fixture(events);
  await run("undo-hold", "park", "token");
  await react(rejected(6, "undo-hold"));
  expect(completed).toEqual([]);
});

test.each([
  ["a step that the history does not lead to", [start], "hand-over"],
  ["a step that no definition has", [start], "no-such-step"],
  ["an instance that has not started", [approved], "hold"],
] as const)(
  "%s parks: the execution runs another definition than the one that was started",
  async (_, history, task) => {
    const { run } = await fixture(history);
    expect(await failure(run(task, "run", "token"))).toMatch(
      /^Parked: the history of lending\/1 leads to no task/,
    );
  },
);

test("the outcome of an expired step is final, whatever is recorded later", async () => {
  const { run, completed } = await fixture([
    start,
    held,
    asked,
    expired(4, "approval"),
    outside(5, "Approved"),
  ]);
  await run("approval", "run", "token");
  expect(completed).toEqual(["token StepFailed: approval timed out"]);
});

describe("content that can never be stored", () => {
  const large = own(2, "BookHeld", "hold");
  const tooLarge = { ...large, metadata: { ...large.metadata, actor: "x".repeat(380_000) } };

  test("parks the instance, and the task fails with a name that the machine does not retry", async () => {
    const { run, instances, log } = await fixture([start, tooLarge], [start]);
    expect(await failure(run("hold", "run", "token"))).toMatch(
      /^PermanentError: the 2 events of lending\/1 have 38\d{4} bytes, at most 380000 are allowed$/,
    );
    const { parked, history, waiting, listedStatus } = await instances.read(sagaId);
    expect(parked).toEqual({
      code: "cannot-be-stored",
      because: expect.stringMatching(/^it can never be stored: the 2 events of lending\/1 have/),
      at: clock().toISOString(),
    });
    expect(history).toHaveLength(1);
    expect(waiting).toBeUndefined();
    expect(listedStatus).toMatchObject({ kind: "parked" });
    expect(log.counted()).toEqual(["SagaParked"]);
  });

  test("is followed by no other task, whatever the machine does", async () => {
    const { run, instances, sent, log } = await fixture([start, tooLarge], [start]);
    await failure(run("hold", "run", "token"));
    for (const act of ["expire", "run", "park"] as const)
      expect(await failure(run("hold", act, "next"))).toMatch(
        /^PermanentError: lending\/1 is parked: it can/,
      );
    expect(sent).toEqual(["hold/loan-1#1"]);
    expect((await instances.read(sagaId)).history).toHaveLength(1);
    expect(log.counted()).toEqual(["SagaParked"]);
  });

  test("is retried once an operator resumes the saga", async () => {
    const { run, instances, sent } = await fixture([start]);
    await instances.park(sagaId, {
      code: "cannot-be-stored",
      because: "too large",
      at: clock().toISOString(),
    });
    await instances.restart(sagaId, { how: "retry", at: clock().toISOString() });
    await run("hold", "run", "token");
    expect(sent).toEqual(["hold/loan-1#1"]);
  });

  test("also parks it if it is the commit that answers its command", async () => {
    const { run, instances, interrupt } = await fixture([start]);
    interrupt({ beforeHandling: () => Promise.reject(new PermanentError("a commit is too large")) });
    expect(await failure(run("hold", "run", "token"))).toBe("PermanentError: a commit is too large");
    expect((await instances.read(sagaId)).parked?.because).toBe(
      "it can never be stored: a commit is too large",
    );
  });

  test("in a row of steps keeps the events that were appended before", async () => {
    const { run, instances } = await fixture([start, tooLarge], [start]);
    expect(await failure(run("hold"))).toMatch(/^PermanentError: /);
    expect((await instances.read(sagaId)).parked).toBeDefined();
  });
});
