/** Each command prints one JSON document, which fits its schema in docs/json. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import { shapes } from "../../bin/command-line/shapes.ts";
import { root } from "./command-line.ts";

test.each(Object.entries(shapes))("docs/json has what %s prints", async (name, shape) => {
  const schema = { title: `eventfold ${name} --json`, ...z.toJSONSchema(shape) };
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
    join(root, `docs/json/${name}.schema.json`),
    "npx vitest run test/bin/json.test.ts -u writes it",
  );
});

test("docs/json has no schema of a command that is gone", () => {
  const files = Object.keys(shapes).map((name) => `${name}.schema.json`);
  expect(readdirSync(join(root, "docs/json")).sort()).toEqual(files.sort());
});
