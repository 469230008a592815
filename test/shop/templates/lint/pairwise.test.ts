/** The selection of contexts for cfn-lint has each pair of values, each context key and each of its values. */
import { expect, test } from "vitest";
import { offered, sagaKey, texts } from "../../../../lib/deploy/context/keys.ts";
import { project } from "../../project.ts";
import { pairwise } from "./pairwise.ts";
import { selection } from "./selection.ts";

const factors = { bus: ["a", "b", "c"], mail: ["g", "h"], saga: ["d", "e", "f"], tracing: ["i", "j"] };

const pairsOf = (cells: readonly string[]): readonly string[] =>
  cells.flatMap((cell, index) => cells.slice(index + 1).map((other) => `${cell}${other}`));

test("each pair of values of two factors is in a row, and there are as few rows as the largest two factors need", () => {
  const rows = pairwise(factors);
  const ofRows = rows.flatMap(({ bus, mail, saga, tracing }) =>
    pairsOf([`${bus}`, `${mail}`, `${saga}`, `${tracing}`]),
  );
  const within = Object.values(factors).flatMap(pairsOf);
  const all = pairsOf(Object.values(factors).flat()).filter((pair) => !within.includes(pair));
  expect(new Set(ofRows)).toEqual(new Set(all));
  expect(rows).toHaveLength(9);
});

test("if the rows do not suffice, a row is added for each pair that is missing", () => {
  expect(pairwise({ one: ["a", "b"], two: ["a", "b"], three: ["a", "b"], four: ["a", "b"] })).toHaveLength(6);
});

const keysIn = new Set(selection.flatMap((context) => Object.keys(context)));

test("with the two stacks of a Kafka cluster there are at most twelve templates", () => {
  expect(selection.length).toBeLessThanOrEqual(10);
});

test("each context key is in the selection", () => {
  const own = Object.keys(project.technologies.context ?? {});
  const keys = [...Object.keys(offered), ...Object.keys(texts), ...own, sagaKey("restock")];
  expect(keys.filter((key) => !keysIn.has(key))).toEqual([]);
});

test("each value that a context key offers is in the selection, or is the default", () => {
  const missing = Object.entries(offered).flatMap(([key, [, ...others]]) =>
    others
      .filter((value) =>
        selection.every((context) =>
          Object.entries(context).every(([name, given]) => {
            const isKey = name === key || name.startsWith(`${key}.`);
            return !isKey || given !== value;
          }),
        ),
      )
      .map((value) => `${key}=${value}`),
  );
  expect(missing).toEqual([]);
});
