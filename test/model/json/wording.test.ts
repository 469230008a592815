import { expect, test } from "vitest";
import * as z from "zod";
import { wording } from "../../../lib/model/json/wording.ts";

const messagesOf = (schema: z.ZodType, value: unknown): readonly string[] =>
  (schema.safeParse(value, wording).error?.issues ?? []).map(
    ({ path, message }) => `/${path.join("/")} ${message}`,
  );

test.each<readonly [z.ZodType, unknown, string]>([
  [z.string(), undefined, "/ is missing: must be text"],
  [z.string(), 5, "/ must be text, not 5"],
  [z.string(), null, "/ must be text, not null"],
  [z.number(), "5", "/ must be a number, not text"],
  [z.number(), Number.NaN, "/ must be a number, not NaN"],
  [z.int(), 1.5, "/ must be a whole number, not 1.5"],
  [z.boolean(), "yes", "/ must be true or false, not text"],
  [z.array(z.string()), {}, "/ must be a list, not an object"],
  [z.object({}), [], "/ must be an object, not a list"],
  [z.record(z.string(), z.string()), 1, "/ must be an object, not 1"],
  [z.string().min(2), "a", "/ must have at least 2 characters"],
  [z.string().max(1), "ab", "/ must have at most 1 character"],
  [z.array(z.string()).min(1), [], "/ must have at least 1 item"],
  [z.array(z.string()).max(2), ["", "", ""], "/ must have at most 2 items"],
  [z.number().min(1), 0, "/ must be at least 1"],
  [z.number().positive(), 0, "/ must be more than 0"],
  [z.number().lt(5), 5, "/ must be less than 5"],
  [z.number().multipleOf(5), 3, "/ must be a multiple of 5"],
  [z.email(), "me", "/ must be an e-mail address"],
  [z.iso.datetime(), "today", "/ must be a time like 2026-01-31T12:00:00Z"],
  [z.iso.date(), "today", "/ must be a date like 2026-01-31"],
  [z.uuid(), "1", "/ must be a UUID"],
  [z.ipv4(), "1", "/ must be in the format ipv4"],
  [z.string().regex(/^a$/), "b", "/ must match /^a$/"],
  [z.string().regex(/^a$/, "must be the letter a"), "b", "/ must be the letter a"],
  [z.enum(["a", "b"]), "c", "/ must be one of a, b"],
  [z.literal("a"), "c", "/ must be a"],
  [z.literal("a"), undefined, "/ is missing: must be a"],
  [z.union([z.string(), z.number()]), true, "/ must fit one of the allowed forms"],
  [z.strictObject({}), { a: 1, b: 2 }, "/ unknown field a, b"],
])("%# %j", (schema, value, message) => {
  expect(messagesOf(schema, value)).toEqual([message]);
});

test("a misspelt field is reported beside the missing one", () => {
  const schema = z.strictObject({ customer: z.strictObject({ email: z.string() }) });
  expect(messagesOf(schema, { customer: { emial: "ada@example.com" } })).toEqual([
    "/customer/email is missing: must be text",
    "/customer unknown field emial",
  ]);
});
