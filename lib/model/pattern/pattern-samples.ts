/**
 * Strings that a regular expression may match: short and long ones, and some with unusual characters. They are
 * guesses, because lookarounds and references are ignored. The caller must test each of them.
 */

type Count = { readonly least: number; readonly most: number };
type Choices = readonly (readonly Part[])[];
type Part = { readonly count: Count } & (
  | { readonly kind: "character"; readonly source: string }
  | { readonly kind: "group"; readonly choices: Choices }
);

const once: Count = { least: 1, most: 1 };

const tokens = {
  lookaround: /^\(\?<?[=!]/,
  open: /^\((\?:|\?<\w+>)?/,
  anchor: /^(\^|\$|\\b|\\B)/,
  character:
    /^(\[(\\.|[^\]\\])*\]|\\u\{[^}]*\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[pP]\{[^}]*\}|\\.|[^\\])/su,
  count: /^(\*|\+|\?|\{(\d+)(,(\d*))?\})\??/,
} as const;

/** Longer than any limit that samples are compared with. */
const long = 80;

/** Reads a pattern from left to right. */
const choicesIn = (source: string): Choices => {
  let rest = source;

  const take = (token: keyof typeof tokens): RegExpExecArray | undefined => {
    const found = tokens[token].exec(rest) ?? undefined;
    if (found) rest = rest.slice(found[0].length);
    return found;
  };

  const count = (): Count => {
    const found = take("count");
    if (!found) return once;
    const [, sign, from, range, to] = found;
    if (sign === "*") return { least: 0, most: long };
    if (sign === "+") return { least: 1, most: long };
    if (sign === "?") return { least: 0, most: 1 };
    const least = Number(from);
    if (range === undefined) return { least, most: least };
    return { least, most: to ? Number(to) : least + long };
  };

  const part = (): readonly Part[] => {
    if (take("anchor")) return [];
    if (take("lookaround")) {
      choices();
      count();
      return [];
    }
    if (take("open")) {
      const inner = choices();
      return [{ kind: "group", choices: inner, count: count() }];
    }
    const [character = ""] = take("character") ?? [];
    return [{ kind: "character", source: character, count: count() }];
  };

  /** Reads up to the end of the group, and past it. */
  const choices = (): Choices => {
    const all: Part[][] = [[]];
    while (rest !== "") {
      const [next] = rest;
      if (next === ")" || next === "|") {
        rest = rest.slice(1);
        if (next === ")") return all;
        all.push([]);
      } else all.at(-1)?.push(...part());
    }
    return all;
  };

  return choices();
};

/** The first of the candidates that a part of a pattern matches. */
const characterOf = (source: string, flags: string, candidates: readonly string[]): string => {
  try {
    const pattern = new RegExp(`^${source}$`, flags);
    return candidates.find((each) => pattern.test(each)) ?? source;
  } catch {
    return source;
  }
};

type Way = {
  readonly count: "least" | "most";
  readonly characters: readonly string[];
  readonly choice: number;
};

const written = (choices: Choices, flags: string, way: Way): string => {
  const parts = choices[Math.min(way.choice, choices.length - 1)] ?? [];
  return parts
    .map((part) => {
      const one =
        part.kind === "group"
          ? written(part.choices, flags, way)
          : characterOf(part.source, flags, way.characters);
      return one.repeat(Math.min(part.count[way.count], long));
    })
    .join("");
};

/** The first ones are preferred. The rest is all printable ASCII. */
const usual = [..."a1A0Z_-", ...Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))];

/**
 * Samples for a pattern. Some of them prefer the `unusual` characters. Of alternatives, only the first four are
 * used.
 */
export const samplesOf = ({ source, flags }: RegExp, unusual: readonly string[]): readonly string[] => {
  const choices = choicesIn(source);
  const characters = [[...usual, ...unusual], ...unusual.map((each) => [each, ...usual, ...unusual])];
  const ways = characters.flatMap((each) =>
    [0, 1, 2, 3].flatMap((choice) =>
      (["least", "most"] as const).map((count) => ({ count, characters: each, choice })),
    ),
  );
  return [...new Set(ways.map((way) => written(choices, flags.replace(/[gy]/g, ""), way)))];
};
