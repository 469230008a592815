import { expect, test } from "vitest";
import { giveEach } from "../../../../lib/adapters/kafka/handler/give-each.ts";
import { PermanentError } from "../../../../lib/ports/permanent-error.ts";

const deadLetters = ["a", "b", "c"].map((payload) => ({ payload, at: "2026-01-01T00:00:00.000Z" }));

test("a dead letter that its queue never accepts stays, and the later ones are sent", async () => {
  const given: string[] = [];
  const taken = await giveEach(deadLetters, async (payload) => {
    if (payload === "b") throw new PermanentError("too large");
    given.push(payload);
  });
  expect(given).toEqual(["a", "c"]);
  expect(taken).toEqual([deadLetters[0], deadLetters[2]]);
});

test("a transient fault is thrown", async () => {
  await expect(giveEach(deadLetters, () => Promise.reject(new Error("throttled")))).rejects.toThrow(
    "throttled",
  );
});
