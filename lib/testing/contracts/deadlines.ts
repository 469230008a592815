/** What everything that keeps deadlines promises. */
import { describe, expect, test } from "vitest";
import type { Deadline, Deadlines } from "../../ports/deadlines.ts";

export type DeadlinesUnderTest = {
  readonly deadlines: Deadlines;
  /** By the clock that the deadlines go by. */
  readonly now: () => number;
  /** Lets so many seconds go by. */
  readonly pass: (seconds: number) => Promise<void>;
  /** What the queue has got so far, of any saga. */
  readonly delivered: () => Promise<readonly Deadline[]>;
};

/** Within these comes what comes at once. */
const soonSeconds = 10;

let sagas = 0;
const newSagaId = () => `checkout/${process.pid}-${++sagas}`;

export const deadlinesContract = (name: string, make: () => Promise<DeadlinesUnderTest>): void => {
  describe(`deadlines ${name}`, () => {
    const started = async () => {
      const { deadlines, now, pass, delivered } = await make();
      const sagaId = newSagaId();
      const tasks = async () => (await delivered()).filter((each) => each.sagaId === sagaId).map(taskOf);
      const set = (task: string, seconds: number, name = `${sagaId}/${task}`) =>
        deadlines.set(name, new Date(now() + seconds * 1000), { sagaId, task });
      return { sagaId, set, pass, tasks };
    };

    test("come when their time has come, and not before", async () => {
      const { set, pass, tasks } = await started();
      await set("pay", 600);
      await pass(590);
      expect(await tasks()).toEqual([]);
      await pass(20);
      await expect.poll(tasks).toEqual(["pay"]);
    });

    test.each([
      ["now", 0],
      ["long ago", -86_400],
    ])("of a time that is %s come at once", async (_, seconds) => {
      const { set, pass, tasks } = await started();
      await set("pay", seconds);
      await pass(soonSeconds);
      await expect.poll(tasks).toEqual(["pay"]);
    });

    test("of a name that was set before change nothing", async () => {
      const { set, pass, tasks } = await started();
      await set("pay", 600, "one");
      await set("ship", 60, "one");
      await set("pay", 900, "one");
      await pass(70);
      expect(await tasks()).toEqual([]);
      await pass(540);
      await expect.poll(tasks).toEqual(["pay"]);
      await pass(400);
      expect(await tasks()).toEqual(["pay"]);
    });

    test("of other names come too, of the same saga and at the same time", async () => {
      const { set, pass, tasks } = await started();
      await Promise.all([set("pay", 60), set("ship", 60)]);
      await pass(70);
      await expect.poll(async () => (await tasks()).toSorted()).toEqual(["pay", "ship"]);
    });

    test.each([
      ["an id", (id: string) => id],
      ["nothing but signs", (id: string) => `größe: 1/2 ☕ ${id}`],
      ["something long", (id: string) => `${id}${"x".repeat(300)}`],
    ])("are called anything: %s", async (_, nameOf) => {
      const { sagaId, set, pass, tasks } = await started();
      await set("größe ☕", 60, nameOf(sagaId));
      await pass(70);
      await expect.poll(tasks).toEqual(["größe ☕"]);
    });
  });
};

const taskOf = ({ task }: Deadline) => task;
