/** A position in the source of a regular expression, and the error for an expression that cannot be translated. */

/** The expression has something that another language does not support. */
export class NotPortable extends Error {}

/** Throws `NotPortable`. */
export const refuse = (because: string): never => {
  throw new NotPortable(because);
};

/** Reads a pattern from left to right. */
export type Cursor = {
  /** With the flag u it reads characters, otherwise units of UTF-16. */
  readonly isUnicode: boolean;
  /** With the flag s, a dot matches every character. */
  readonly isDotAll: boolean;
  readonly isAtEnd: () => boolean;
  /** The next characters, without moving on. */
  readonly ahead: (count: number) => string;
  /** The next character. Moves on by one. */
  readonly take: () => string;
  /** Whether these characters are next. If so, moves past them. */
  readonly takes: (signs: string) => boolean;
  /** The match of a pattern at this position, if there is one. Moves past the match. */
  readonly matches: (pattern: RegExp) => RegExpExecArray | undefined;
};

/** A cursor at the beginning of a pattern. */
export const cursorOn = (source: string, flags: string): Cursor => {
  const isUnicode = flags.includes("u");
  const signs = isUnicode ? [...source] : source.split("");
  let at = 0;
  const ahead = (count: number) => signs.slice(at, at + count).join("");
  return {
    isUnicode,
    isDotAll: flags.includes("s"),
    isAtEnd: () => at >= signs.length,
    ahead,
    take: () => signs[at++] ?? "",
    takes: (wanted) => {
      const is = ahead(wanted.length) === wanted;
      if (is) at += wanted.length;
      return is;
    },
    matches: (pattern) => {
      const found = pattern.exec(signs.slice(at).join(""));
      at += found ? [...found[0]].length : 0;
      return found ?? undefined;
    },
  };
};
