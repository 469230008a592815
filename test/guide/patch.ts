/** Applies a block `diff` of a page to the files that the page has shown, as `git apply` does. */

export type Patch = { readonly path: string; readonly apply: (text: string) => string };

type Hunk = { readonly before: string; readonly after: string };

const hunkOf = (lines: readonly string[]): Hunk => {
  const side = (mark: string) =>
    lines
      .filter((line) => !line.startsWith(mark))
      .map((line) => `${line.slice(1)}\n`)
      .join("");
  return { before: side("+"), after: side("-") };
};

const applied = (path: string, text: string, { before, after }: Hunk): string => {
  if (before === "" && text === "") return after;
  const places = text.split(before).length - 1;
  if (before === "" || places !== 1)
    throw new Error(`${path}: expected these lines once, found them ${places} times:\n${before}`);
  return text.replace(before, () => after);
};

/** The patches of a block, one per file. A new file begins empty. Throws if the block has no file. */
export const patchesIn = (diff: string): readonly Patch[] => {
  const files = diff.split(/^--- (?:a\/\S+|\/dev\/null)\n(?=\+\+\+ b\/)/m).slice(1);
  if (files.length === 0) throw new Error(`expected lines --- a/PATH and +++ b/PATH in the diff:\n${diff}`);
  return files.map((file) => {
    const [head = "", ...hunks] = file.split(/^@@.*\n/m);
    const path = head.trim().replace("+++ b/", "");
    const parsed = hunks.map((hunk) => hunkOf(hunk.replace(/\n$/, "").split("\n")));
    return {
      path,
      apply: (text) => parsed.reduce((changed, hunk) => applied(path, changed, hunk), text),
    };
  });
};
