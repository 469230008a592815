import { expect, test } from "vitest";
import { onceForBoth } from "../../lib/model/once-for.ts";

test("the result for two objects is computed once, even if it is undefined", () => {
  const asked: (readonly [object, object])[] = [];
  const first = onceForBoth((one: object, other: object) => {
    asked.push([one, other]);
    return asked.length === 1 ? undefined : asked.length;
  });
  const [a, b] = [{}, {}];
  expect([first(a, b), first(a, b), first(b, a), first(a, a), first(b, a)]).toEqual([
    undefined,
    undefined,
    2,
    3,
    2,
  ]);
  expect(asked).toHaveLength(3);
});
