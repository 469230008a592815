import { expect, test } from "vitest";
import { exampleOf } from "../../../lib/compile/schemas/example.ts";
import type { Schema } from "../../../lib/compile/schemas/schemas.ts";

const cases: readonly (readonly [name: string, field: string, schema: Schema, example: string])[] = [
  ["an id is named for its thing", "bookId", { type: "string" }, "book-1"],
  ["an id of two words", "dueBookId", { type: "string", pattern: "^[a-z0-9-]+$" }, "due-book-1"],
  ["an id that is a number", "bookId", { type: "string", pattern: "^[0-9]+$" }, "1"],
  ["an id of letters", "memberId", { type: "string", pattern: "^[a-z]+$" }, "a"],
  ["the schema's own example comes first", "bookId", { type: "string", examples: ["emma"] }, "emma"],
  ["another field has its name", "title", { type: "string" }, "title"],
];

test.each(cases)("%s", (_, field, schema, example) => {
  expect(exampleOf(schema, field)).toBe(example);
});
