import { expect, test } from "vitest";
import { patchesIn } from "./patch.ts";

const diff = "--- a/lib/a.ts\n+++ b/lib/a.ts\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n@@\n five\n+six\n";
const [patch] = patchesIn(diff);

test("a diff changes the lines that it names, whatever their numbers", () => {
  expect(patch?.path).toBe("lib/a.ts");
  expect(patch?.apply("zero\none\ntwo\nfour\nfive\n")).toBe("zero\none\nthree\nfour\nfive\nsix\n");
});

test("lines that are missing, or there twice, are refused", () => {
  expect(() => patch?.apply("one\nfive\n")).toThrow(
    "lib/a.ts: expected these lines once, found them 0 times",
  );
  expect(() => patch?.apply("one\ntwo\none\ntwo\nfive\n")).toThrow("found them 2 times");
});

test("a diff without a file is refused", () => {
  expect(() => patchesIn("-two\n+three\n")).toThrow("expected lines --- a/PATH");
});
