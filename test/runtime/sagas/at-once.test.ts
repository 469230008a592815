/** Steps that do not wait, by every kind of engine: decided by their own command, or parked with precise words. */

import { describe, expect, test } from "vitest";
import * as z from "zod";
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import { memoryInstances } from "../../../lib/adapters/memory/instances.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import type { Decider } from "../../../lib/model/decider.ts";
import type { RecordedEvent } from "../../../lib/model/message.ts";
import { command, event } from "../../../lib/model/reference.ts";
import { type Saga, sending } from "../../../lib/model/saga.ts";
import type { MachineTask } from "../../../lib/model/sagas/machine-task.ts";
import { choreographer } from "../../../lib/runtime/sagas/choreograph.ts";
import { reactor } from "../../../lib/runtime/sagas/react.ts";
import { resumer } from "../../../lib/runtime/sagas/resume.ts";
import { sagaReport } from "../../../lib/runtime/sagas/saga-report.ts";
import { sagaTask } from "../../../lib/runtime/sagas/saga-task.ts";
import { commandHandler } from "../../../lib/runtime/streams/handle-command.ts";
import { recordedEvents } from "../../../lib/runtime/streams/recorded.ts";
import { recorded } from "../../model/recorded.ts";
import { deliveryOf } from "../deliveries.ts";
import { storeEvents } from "../stored.ts";
import { waitingEngine } from "../waiting-engine.ts";

const it = z.object({ lamp: z.string() });
const commands = { Order: it, Light: it, Break: it, Mend: it, Praise: it };
const events = { Ordered: it, Warmed: it, Lit: it, Broken: it, Mended: it, Praised: it };

/** Lighting it warms it first; of a broken lamp that is all. */
const lamp: Decider<{ readonly broken: boolean }, typeof commands, typeof events, []> = {
  name: "lamp",
  identifiedBy: "lamp",
  commands,
  events,
  rejections: [],
  initialState: { broken: false },
  decide: {
    Order: ({ data }) => [{ type: "Ordered", data }],
    Light: ({ data }, { broken }) =>
      broken
        ? [{ type: "Warmed", data }]
        : [
            { type: "Warmed", data },
            { type: "Lit", data },
          ],
    Break: ({ data }) => [{ type: "Broken", data }],
    Mend: ({ data }) => [{ type: "Mended", data }],
    Praise: ({ data }) => [{ type: "Praised", data }],
  },
  evolve: {
    Ordered: (state) => state,
    Warmed: (state) => state,
    Lit: (state) => state,
    Broken: () => ({ broken: true }),
    Mended: () => ({ broken: false }),
    Praised: (state) => state,
  },
};

const ordered = event(lamp, "Ordered");
const send = (type: keyof typeof commands) =>
  sending(command(lamp, type), ({ data }: { readonly data: z.output<typeof it> }) => data);

const lighting: Saga<typeof ordered> = {
  name: "lighting",
  startsOn: ordered,
  identifiedBy: ({ data }) => data.lamp,
  steps: [
    {
      name: "light",
      send: send("Light"),
      succeeds: [event(lamp, "Lit")],
      fails: [],
      timeoutSeconds: 60,
      waits: false,
    },
  ],
  completes: send("Praise"),
  abandons: send("Break"),
};

const house = { name: "house", deciders: [lamp], sagas: [lighting] };
const sagaId = "lighting/1";
const data = { lamp: "1" };
const start = recorded("lamp-1", { type: "Ordered", data });
const broken = recorded("lamp-1", { type: "Broken", data }, { version: 2 });
const inWords = "light does not wait, but Warmed does not decide it";

const clock = () => new Date("2026-01-02T00:00:00Z");

const room = async (...stored: readonly RecordedEvent[]) => {
  const store = memoryEventStore();
  await storeEvents(store, stored);
  const instances = memoryInstances();
  await instances.append(sagaId, [start]);
  const { engine, started } = waitingEngine();
  const log = memoryLog();
  const system = { clock, log, sleep: async () => {}, random: () => 0 };
  const handle = commandHandler(house, { store, ...system });
  const ports = { store, instances, engine, handle, ...system };
  const task = sagaTask(lighting, ports);
  const deadlines = { set: async () => {} };
  const choreograph = choreographer(lighting, { ...ports, deadlines });
  const history = async () => (await store.read("lamp-1", { consistency: "strong" })).flatMap(recordedEvents);
  return {
    started,
    log,
    history,
    instances,
    react: (...events: readonly RecordedEvent[]) =>
      reactor(lighting, ports)(events.map((each) => deliveryOf(each))),
    choreograph: (...events: readonly RecordedEvent[]) => choreograph(events.map((each) => deliveryOf(each))),
    resume: (how: "retry" | "skip") => resumer(house, ports)({ sagaId, how }),
    run: (name: string, act: MachineTask["act"], execution?: string) =>
      task({ sagaId, task: name, act, ...(execution !== undefined && { execution }) }).then(
        () => "done",
        (error: Error) => `${error.name}: ${error.message}`,
      ),
    mend: () =>
      handle({
        ...command(lamp, "Mend")(data),
        metadata: {
          id: "mend",
          causationId: "me",
          correlationId: "me",
          issuedAt: clock().toISOString(),
          receipt: false,
        },
      }),
    report: async () => sagaReport(lighting, await instances.read(sagaId), clock()),
  };
};

describe("of a state machine", () => {
  test("a step is decided when its function returns", async () => {
    const { run, report } = await room(start);
    expect(await run("light", "run")).toBe("done");
    expect(await report()).toMatchObject({ done: ["light"], status: "running", step: "complete" });
  });

  test("a command that records none of the outcomes fails by name and in words, again and again", async () => {
    const { run, report, history } = await room(start, broken);
    expect(await run("light", "run")).toBe(`Parked: lighting/1: ${inWords}`);
    expect(await run("light", "run")).toBe(`Parked: lighting/1: ${inWords}`);
    expect(await run("light", "expire")).toBe(`Parked: lighting/1: ${inWords}`);
    expect(await report()).toMatchObject({ status: "parked", step: "light", reason: inWords });
    expect((await history()).map(({ type }) => type)).toEqual(["Ordered", "Broken", "Warmed"]);
  });
});

describe("of Express", () => {
  const parkedRoom = async () => {
    const all = await room(start, broken);
    await all.run("light", "run");
    expect(await all.run("light", "park", "1")).toBe("done");
    return all;
  };

  test("who cannot wait for an operator marks the instance, with the reason, and counts it", async () => {
    const { instances, log } = await parkedRoom();
    const at = clock().toISOString();
    expect((await instances.read(sagaId)).parked).toEqual({ code: "light-undecided", because: inWords, at });
    expect(log.counted()).toEqual(["SagaParked"]);
  });

  test("a person who resumes starts the next execution, which tries the command anew", async () => {
    const { resume, started, run, mend, report, instances } = await parkedRoom();
    await mend();
    expect(await resume("retry")).toMatchObject({ kind: "resumed" });
    expect(started).toEqual(["lighting 1.2 lighting/1"]);
    expect((await instances.read(sagaId)).parked).toBeUndefined();
    expect(await run("light", "run")).toBe("done");
    expect(await report()).toMatchObject({ done: ["light"] });
  });

  test("a person who skips takes the step for done", async () => {
    const { resume, run } = await parkedRoom();
    await resume("skip");
    expect(await run("light", "run")).toBe("done");
  });

  test("an earlier execution that is late parks nothing any more", async () => {
    const { resume, run, instances } = await parkedRoom();
    await resume("retry");
    expect(await run("light", "run")).toBe(`Parked: lighting/1: ${inWords}`);
    expect(await run("light", "park", "1")).toBe("done");
    expect((await instances.read(sagaId)).parked).toBeUndefined();
    expect(await run("light", "park", "1.2")).toBe("done");
    expect((await instances.read(sagaId)).parked).toMatchObject({ because: inWords });
  });

  test("what has been decided meanwhile is not parked", async () => {
    const { run, instances } = await room(start);
    await run("light", "run");
    expect(await run("light", "park", "1")).toBe("done");
    expect((await instances.read(sagaId)).parked).toBeUndefined();
  });

  test("a task of another definition is parked too", async () => {
    const { run, instances } = await room(start);
    expect(await run("dim", "run")).toBe("Parked: the history of lighting/1 leads to no task dim");
    expect(await run("dim", "park", "1")).toBe("done");
    expect((await instances.read(sagaId)).parked?.because).toBe("its history leads to no task dim");
  });

  test("a start that comes again starts again, for nobody knows of the first", async () => {
    const { react, started } = await room(start);
    await react(start);
    await react(start);
    expect(started).toEqual(["lighting 1 lighting/1", "lighting 1 lighting/1"]);
  });
});

describe("of choreography", () => {
  test("a command that records none of the outcomes parks, in the same words", async () => {
    const { choreograph, history, report, log } = await room(start, broken);
    await choreograph(start);
    await choreograph(...(await history()).slice(2));
    expect(await report()).toMatchObject({ status: "parked", step: "light", reason: inWords });
    expect(log.counted()).toEqual(["SagaParked"]);
  });

  test("an event that comes before the others of its commit parks nothing", async () => {
    const { choreograph, history, report, log } = await room(start);
    await choreograph(start);
    const [warmed] = (await history()).filter(({ type }) => type === "Warmed");
    if (!warmed) throw new Error("a lamp that is lit is warm");
    await choreograph(warmed);
    expect(await report()).toMatchObject({ done: ["light"], status: "running" });
    expect(log.counted()).toEqual([]);
  });
});
