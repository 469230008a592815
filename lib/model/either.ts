/** The words as a choice: `a, b or c`. */
export const either = (words: readonly unknown[]): string =>
  words.length > 1 ? `${words.slice(0, -1).join(", ")} or ${words.at(-1)}` : words.join();
