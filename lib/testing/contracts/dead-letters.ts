/** The contract of every store of dead letters. */
import { describe, expect, test } from "vitest";
import { toCloudEvent } from "../../model/events/cloud-event.ts";
import type { RecordedEvent } from "../../model/message.ts";
import type { DeadLetters } from "../../ports/dead-letters.ts";
import { recordedEvent } from "./samples/recorded-event.ts";

/** The handler of the dead letters in this contract. */
export const handler = "send-confirmation";

/** An event as EventBridge delivers it. */
export const payloadOf = (event: RecordedEvent): string =>
  JSON.stringify({
    source: "shop",
    "detail-type": event.type,
    detail: toCloudEvent(event, "shop"),
  });

/** The CloudEvent in a message, without what surrounds it. */
const cloudEventIn = (payload: string): unknown => {
  const message = JSON.parse(payload);
  return message.detail ?? message;
};

const cloudEvents = (...events: readonly RecordedEvent[]) =>
  events.map((event) => toCloudEvent(event, "shop"));

/** A store of dead letters, and what the contract needs to test it. */
export type DeadLettersUnderTest = {
  readonly deadLetters: DeadLetters;
  /** Makes dead letters of these events for the handler. */
  readonly add: (events: readonly RecordedEvent[]) => Promise<void>;
  /** The messages that were sent back to the handler, in order. */
  readonly given: () => Promise<readonly string[]>;
};

const [one, two, three] = [recordedEvent(1), recordedEvent(2), recordedEvent(3)];

/** Tests a store of dead letters. `make` returns a new one for each test. */
export const deadLettersContract = (name: string, make: () => Promise<DeadLettersUnderTest>): void => {
  describe(`the dead letters ${name}`, () => {
    const versionsIn = async ({ deadLetters }: DeadLettersUnderTest, countMax = 10) =>
      (await deadLetters.list(handler, countMax)).map(({ event }) => event?.metadata.version).toSorted();

    test("are listed unchanged, with their event, and are not removed", async () => {
      const place = await make();
      await place.add([one]);
      const deadLetter = { event: one, at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) };
      for (const _ of [1, 2]) {
        const letters = await place.deadLetters.list(handler, 10);
        expect(letters).toMatchObject([deadLetter]);
        expect(letters.map(({ payload }) => cloudEventIn(payload))).toEqual(cloudEvents(one));
      }
      expect(await place.given()).toEqual([]);
    });

    test("are an empty list if there are none", async () => {
      const { deadLetters } = await make();
      expect(await deadLetters.list(handler, 10)).toEqual([]);
      expect(await deadLetters.redrive(handler, (letters) => letters)).toEqual({ count: 0, more: false });
    });

    test("are listed up to the given number", async () => {
      const place = await make();
      await place.add([one, two, three]);
      expect(await versionsIn(place, 2)).toHaveLength(2);
      expect(await versionsIn(place)).toEqual([1, 2, 3]);
    });

    test("are sent back to their handler as chosen, in that order, and the others stay", async () => {
      const place = await make();
      await place.add([one, two, three]);
      const versionOf = (deadLetter: { readonly event?: RecordedEvent }) =>
        deadLetter.event?.metadata.version ?? 0;
      const redriven = await place.deadLetters.redrive(handler, (letters) =>
        letters
          .filter((deadLetter) => versionOf(deadLetter) !== 2)
          .toSorted((first, second) => versionOf(second) - versionOf(first)),
      );
      expect(redriven).toEqual({ count: 2, more: false });
      expect((await place.given()).map(cloudEventIn)).toEqual(cloudEvents(three, one));
      expect(await versionsIn(place)).toEqual([2]);
    });
  });
};
