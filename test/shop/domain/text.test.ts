import { expect, test } from "vitest";
import { text } from "../../../lib/shop/values/text.ts";

const three = text(3);

test.each(["a", "abc", "a b", "é", "😀😀😀", "\u00a0a"])(
  "%j is a line of at most three characters",
  (words) => {
    expect(three.safeParse(words).success).toBe(true);
  },
);

test.each<[what: string, words: string, because: string]>([
  ["nothing", "", "one line of text"],
  ["blanks", " \u00a0", "not be blank"],
  ["four characters", "abcd", "at most 3 characters"],
  ["four characters above U+FFFF", "😀😀😀😀", "at most 3 characters"],
  ["a line break", "a\n", "one line of text"],
  ["a control character of C1", "a\u0085", "one line of text"],
  ["a line separator", "a\u2028", "one line of text"],
  ["an unpaired surrogate", "a\ud83d", "one line of text"],
])("%s is not", (_, words, because) => {
  expect(three.safeParse(words).error?.message).toContain(because);
});
