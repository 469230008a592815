/** Reading an instance, and appending events and tokens to it. */
import { describe, expect, test } from "vitest";
import type { Instances } from "../../../ports/instances.ts";
import { oddTexts } from "../samples/odd-texts.ts";
import { recordedEvent } from "../samples/recorded-event.ts";
import { newId, numbers, versionsOf } from "./samples.ts";

/** Tests `read` and `append`. */
export const historyContract = (name: string, make: () => Promise<Instances>): void => {
  describe(`the instances ${name}: read`, () => {
    test("an unknown instance has an empty history", async () => {
      const instances = await make();
      const id = newId();
      expect(await instances.read(id)).toStrictEqual({ id, history: [], restarts: 0 });
    });

    test("read is strongly consistent with append", async () => {
      const instances = await make();
      const id = newId();
      for (const version of numbers(10)) {
        const stored = await instances.append(id, [recordedEvent(version)]);
        expect(await instances.read(id)).toEqual(stored);
        expect(versionsOf(stored)).toEqual(numbers(version));
      }
    });
  });

  describe(`the instances ${name}: append`, () => {
    test("append adds whole events at the end, in their order, and answers the whole history", async () => {
      const instances = await make();
      const id = newId();
      const whole = recordedEvent(3, { "": "☕", lines: [{ sku: null }] }, { sagaId: id, schemaVersion: 2 });
      await instances.append(id, [recordedEvent(7), whole]);
      const item = await instances.append(id, [recordedEvent(1)]);
      expect(item).toEqual({ id, history: [recordedEvent(7), whole, recordedEvent(1)], restarts: 0 });
    });

    test("every event keeps its correlation id and its cause", async () => {
      const instances = await make();
      const id = newId();
      const start = recordedEvent(1, {}, { correlationId: "request" });
      const commandId = `${id}/pay/order-1#1`;
      const ofSaga = { sagaId: id, correlationId: "request", commandId, causationId: start.metadata.id };
      const answer = (version: number) => recordedEvent(version, {}, ofSaga);
      const decided = { ...ofSaga, commandId: `${commandId}/resume`, causationId: "d-1" };
      const decision = { ...recordedEvent(5, {}, decided), type: "CommandResumed" };
      const outcome = recordedEvent(7, {}, { sagaId: id, correlationId: "other", causationId: "order-1@3" });
      const updates = [
        [recordedEvent(9), start],
        [answer(2), answer(3), answer(4)],
        [decision, answer(6), outcome, answer(8)],
      ];
      for (const events of updates) await instances.append(id, events);
      expect((await instances.read(id)).history).toEqual(updates.flat());
    });

    test("append adds only the events that are not in the history, each once", async () => {
      const instances = await make();
      const id = newId();
      await instances.append(id, [recordedEvent(1), recordedEvent(2)]);
      const events = [5, 2, 4, 5, 1].map((version) => recordedEvent(version));
      expect(versionsOf(await instances.append(id, events))).toEqual([1, 2, 5, 4]);
      expect(versionsOf(await instances.read(id))).toEqual([1, 2, 5, 4]);
    });

    test("an event of the history is not replaced", async () => {
      const instances = await make();
      const id = newId();
      await instances.append(id, [recordedEvent(1, { orderId: "first" })]);
      const item = await instances.append(id, [recordedEvent(1, { orderId: "second" })]);
      expect(item.history).toEqual([recordedEvent(1, { orderId: "first" })]);
    });

    test("append without new events changes nothing and answers the history", async () => {
      const instances = await make();
      const id = newId();
      const stored = await instances.append(id, [recordedEvent(1)], { waiting: { step: "pay", token: "1" } });
      expect(await instances.append(id, [recordedEvent(1)])).toEqual(stored);
      expect(await instances.append(id, [])).toEqual(stored);
    });

    test("stores the token with the events", async () => {
      const instances = await make();
      const id = newId();
      const waiting = { step: "pay", token: "token-1 ☕" };
      const item = await instances.append(id, [recordedEvent(1)], { waiting });
      expect(item).toEqual({ id, history: [recordedEvent(1)], waiting, restarts: 0 });
      expect(await instances.read(id)).toEqual(item);
    });

    test("stores the token if there is no new event, and answers the whole history", async () => {
      const instances = await make();
      const id = newId();
      await instances.append(id, [recordedEvent(1)], { waiting: { step: "pay", token: "1" } });
      const again = await instances.append(id, [recordedEvent(1)], { waiting: { step: "pay", token: "2" } });
      expect(again).toEqual({ ...(await instances.read(id)), waiting: { step: "pay", token: "2" } });
      const alone = await instances.append(id, [], { waiting: { step: "ship", token: "3" } });
      expect(alone).toMatchObject({ history: [recordedEvent(1)], waiting: { step: "ship", token: "3" } });
    });

    test("stores the token of an instance with an empty history", async () => {
      const instances = await make();
      const id = newId();
      const waiting = { step: "pay", token: "1" };
      expect(await instances.append(id, [], { waiting })).toEqual({ id, history: [], waiting, restarts: 0 });
    });

    test("events without a token do not change the token", async () => {
      const instances = await make();
      const id = newId();
      const waiting = { step: "pay", token: "1" };
      await instances.append(id, [], { waiting });
      expect((await instances.append(id, [recordedEvent(1)])).waiting).toEqual(waiting);
    });

    test("after two concurrent appends, the answer of the later one has the events of both", async () => {
      const instances = await make();
      for (const _ of numbers(20)) {
        const id = newId();
        const both = await Promise.all([
          instances.append(id, [recordedEvent(1)]),
          instances.append(id, [recordedEvent(2)]),
        ]);
        expect(both.map(({ history }) => history.length).toSorted()).toEqual([1, 2]);
      }
    });

    test("after two concurrent appends of the same events, both answers have them once", async () => {
      const instances = await make();
      for (const _ of numbers(20)) {
        const id = newId();
        const events = [recordedEvent(1), recordedEvent(2)];
        const answers = await Promise.all([instances.append(id, events), instances.append(id, events)]);
        expect(answers.map(versionsOf)).toEqual([
          [1, 2],
          [1, 2],
        ]);
      }
    });

    test("if a token and an outcome are stored concurrently, one answer has both", async () => {
      const instances = await make();
      for (const _ of numbers(20)) {
        const id = newId();
        const answers = await Promise.all([
          instances.append(id, [], { waiting: { step: "pay", token: "1" } }),
          instances.append(id, [recordedEvent(1)]),
        ]);
        expect(answers.filter(({ history, waiting }) => history.length === 1 && waiting)).not.toEqual([]);
      }
    });

    test("many concurrent appends lose no event and store none twice", async () => {
      const instances = await make();
      const id = newId();
      const answers = await Promise.all(
        numbers(25).flatMap((version) =>
          [1, 2].map(() => instances.append(id, [recordedEvent(version), recordedEvent(version + 1)])),
        ),
      );
      expect(versionsOf(await instances.read(id)).toSorted((one, other) => one - other)).toEqual(numbers(26));
      expect(Math.max(...answers.map(({ history }) => history.length))).toBe(26);
    });

    test("stores as many events as the widest fan-out can bring, with the token", async () => {
      const instances = await make();
      const id = newId();
      await instances.append(
        id,
        [3, 150].map((version) => recordedEvent(version)),
      );
      const all = numbers(250).map((version) => recordedEvent(version));
      const item = await instances.append(id, all, { waiting: { step: "reserve", token: "1" } });
      const others = numbers(250).filter((version) => version !== 3 && version !== 150);
      expect(versionsOf(item)).toEqual([3, 150, ...others]);
      expect(item.waiting).toEqual({ step: "reserve", token: "1" });
    });

    test("the ids of instances and events may have any characters", async () => {
      const instances = await make();
      const ids = oddTexts.map((odd) => `${newId()}${odd}`);
      const stored = await Promise.all(
        ids.map((id) => instances.append(id, [recordedEvent(1, {}, { id: `order-${id}@1` })])),
      );
      expect(stored.map(({ id, history }) => [id, history.length])).toEqual(ids.map((id) => [id, 1]));
      const together = newId();
      const all = stored.flatMap(({ history }) => history);
      await instances.append(together, all);
      expect((await instances.append(together, all.toReversed())).history).toEqual(all);
    });

    test("instances do not affect each other", async () => {
      const instances = await make();
      const [one, other] = [newId(), newId()];
      await instances.append(one, [recordedEvent(1)]);
      expect(versionsOf(await instances.append(other, [recordedEvent(1), recordedEvent(2)]))).toEqual([1, 2]);
      expect(versionsOf(await instances.read(one))).toEqual([1]);
    });
  });
};
