/** The contract of everything that sets deadlines. */
import { describe, expect, test } from "vitest";
import type { Deadline, Deadlines } from "../../ports/deadlines.ts";

/** Deadlines, and what the contract needs to test them. */
export type DeadlinesUnderTest = {
  readonly deadlines: Deadlines;
  /** The time of the clock that the deadlines use. */
  readonly now: () => number;
  /** Waits for this number of seconds. */
  readonly pass: (seconds: number) => Promise<void>;
  /** The deadlines that the queue has received so far, for all sagas. */
  readonly delivered: () => Promise<readonly Deadline[]>;
};

/** A deadline that is due at once arrives within this time. */
const soonSeconds = 10;

let sagas = 0;
const newSagaId = () => `checkout/${process.pid}-${++sagas}`;

/** Tests deadlines. `make` returns new ones for each test. */
export const deadlinesContract = (name: string, make: () => Promise<DeadlinesUnderTest>): void => {
  describe(`deadlines ${name}`, () => {
    const started = async () => {
      const { deadlines, now, pass, delivered } = await make();
      const sagaId = newSagaId();
      const tasks = async () => (await delivered()).filter((each) => each.sagaId === sagaId).map(taskOf);
      const set = (task: string, seconds: number, name = `${sagaId}/${task}`) =>
        deadlines.set(name, new Date(now() + seconds * 1000), { sagaId, task });
      const remove = (name: string) => deadlines.delete(name);
      return { sagaId, set, remove, pass, tasks };
    };

    test("arrive when they are due, and not before", async () => {
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

    test("with a name that was set before change nothing", async () => {
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

    test("that are deleted do not arrive, and their names can be set again", async () => {
      const { remove, set, pass, tasks } = await started();
      await set("pay", 60, "one");
      await remove("one");
      await set("ship", 600, "one");
      await pass(70);
      expect(await tasks()).toEqual([]);
      await pass(600);
      await expect.poll(tasks).toEqual(["ship"]);
    });

    test("that do not exist, or no longer, can be deleted", async () => {
      const { sagaId, remove, set, pass, tasks } = await started();
      await remove(`${sagaId}/never`);
      await set("pay", 60, "one");
      await pass(70);
      await expect.poll(tasks).toEqual(["pay"]);
      await remove("one");
      await pass(70);
      expect(await tasks()).toEqual(["pay"]);
    });

    test("with other names arrive too, for the same saga and the same time", async () => {
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
