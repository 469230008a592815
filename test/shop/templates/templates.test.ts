/** A change of the code does not change the templates by accident. */
import { expect, test } from "vitest";
import { read, templatesOf } from "./recorded.ts";
import { variants } from "./variants.ts";

const recorded = read();

test("every variant is recorded", () => {
  expect(Object.keys(recorded)).toEqual(Object.keys(variants));
});

test.each(Object.entries(variants))("the template of %s is as recorded", (name, context) => {
  expect(templatesOf(context)).toEqual(recorded[name]);
});
