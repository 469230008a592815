/**
 * Turns an error into one sentence for operators. The stack trace and the paths of our files belong in the log
 * only.
 */
import * as z from "zod";

const lengthMax = 300;

/** The JSON that Lambda returns if a function throws. Step Functions passes it on as the cause. */
const failure = z.object({ errorType: z.string(), errorMessage: z.string() });

const inJson = (text: string): string => {
  if (!text.startsWith("{")) return text;
  try {
    const { data } = failure.safeParse(JSON.parse(text));
    return data ? `${data.errorType}: ${data.errorMessage}` : text;
  } catch {
    return text;
  }
};

/** `file:///var/task/index.mjs:1:2`, `/var/task/index.mjs` and `C:\app\index.js`, but not `checkout/1` or `/orders`. */
const filePath = /(?:file:\/\/|(?<![\w.:/]))(?:[A-Z]:\\|\/)(?:[\w.@%+-]+[\\/])+[\w.@%+-]+(?::\d+)*/g;

const withoutFiles = (text: string): string =>
  text.replaceAll(
    filePath,
    (path) =>
      path
        .split(/[\\/]/)
        .at(-1)
        ?.replace(/(?::\d+)+$/, "") ?? "",
  );

/** The first line, without file paths, cut to 300 characters. */
export const sentenceOf = (error: unknown): string => {
  const text = typeof error === "string" ? inJson(error) : `${error}`;
  const [line = ""] = text.trim().split(/\r?\n/);
  const said = withoutFiles(line);
  return said.length > lengthMax ? `${said.slice(0, lengthMax - 1)}…` : said;
};
