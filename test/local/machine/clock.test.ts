import { afterEach, describe, expect, test } from "vitest";
import { type Clock, localClock } from "../../../lib/local/machine/clock.ts";

/** Lets the next turn of the event loop run: timers fire in a turn. */
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("the clock of the local cloud", () => {
  let clock: Clock;
  let machine = 1_000_000;
  const start = () => {
    machine = 1_000_000;
    clock = localClock(() => machine);
    return clock;
  };
  afterEach(() => clock.stop());

  test("runs with the clock of the machine, and its jumps are added", () => {
    start();
    machine += 5;
    clock.advance(100);
    expect([clock.now(), clock.ahead()]).toEqual([1_000_105, 100]);
  });

  test("a jump fires exactly the timers that it passes, in the order of their times", async () => {
    const { at, now, advance } = start();
    const rung: string[] = [];
    at(now() + 20_000, () => rung.push("second"));
    at(now() + 10_000, () => rung.push("first"));
    at(now() + 20_000, () => rung.push("third"));
    at(now() + 20_001, () => rung.push("later"));
    advance(20_000);
    expect(rung).toEqual([]);
    await turn();
    expect(rung).toEqual(["first", "second", "third"]);
  });

  test("a timer in the past fires, but not within the call that sets it", async () => {
    const { at, now } = start();
    const rung: string[] = [];
    at(now() - 1, () => rung.push("past"));
    expect(rung).toEqual([]);
    await turn();
    expect(rung).toEqual(["past"]);
  });

  test("a cancelled timer never fires, even if a timer that fires with it cancels it", async () => {
    const { at, now, advance } = start();
    const rung: string[] = [];
    at(now() + 10, () => other.cancel());
    const other = at(now() + 20, () => rung.push("cancelled"));
    at(now() + 30, () => rung.push("kept"));
    advance(1000);
    await turn();
    expect(rung).toEqual(["kept"]);
  });

  test("a timer that is set while others fire comes after them, with a turn of the event loop in between", async () => {
    const { at, now } = start();
    const rung: string[] = [];
    at(now(), () => {
      rung.push("one");
      at(now() - 5, () => rung.push("three"));
    });
    at(now(), () => rung.push("two"));
    await turn();
    await turn();
    expect(rung).toEqual(["one", "two", "three"]);
  });

  test("a stopped clock fires no timers, and listeners are called for each jump before the stop", async () => {
    const { at, now, advance, onAdvance, stop } = start();
    const jumps: number[] = [];
    const rung: string[] = [];
    onAdvance((ahead) => jumps.push(ahead));
    at(now() + 10, () => rung.push("never"));
    advance(50);
    advance(50);
    stop();
    at(now(), () => rung.push("never"));
    await turn();
    expect([jumps, rung]).toEqual([[50, 100], []]);
  });

  test("ten thousand timers, set and cancelled in any order, fire in the order of their times", async () => {
    const { at, now, advance } = start();
    const rung: number[] = [];
    const times = Array.from({ length: 10_000 }, (_, index) => (index * 7919) % 10_007);
    const timers = times.map((time) => at(now() + 1000 + time, () => rung.push(time)));
    for (const [index, timer] of timers.entries()) if (index % 3 === 0) timer.cancel();
    advance(20_000);
    await turn();
    const expected = times.filter((_, index) => index % 3 !== 0).sort((one, other) => one - other);
    expect(rung).toEqual(expected);
  });
});
