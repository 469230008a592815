/** A place in the source of a regular expression, and why the expression cannot be translated. */

export class NotPortable extends Error {}

export const refuse = (because: string): never => {
  throw new NotPortable(because);
};

export type Cursor = {
  /** With the flag u a sign is a character, otherwise a unit of UTF-16. */
  readonly isUnicode: boolean;
  /** With the flag s a dot is any character. */
  readonly isDotAll: boolean;
  readonly isAtEnd: () => boolean;
  /** The next signs, which are not taken. */
  readonly ahead: (count: number) => string;
  readonly take: () => string;
  /** Whether these signs are next, which are taken if so. */
  readonly takes: (signs: string) => boolean;
  /** Takes what the pattern matches at this place, if it does. */
  readonly matches: (pattern: RegExp) => RegExpExecArray | undefined;
};

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
