/**
 * JSON values as YAML 1.2 in block style, so that people can read them and compare two versions line by line. What
 * could be read as anything but this very text is quoted as JSON quotes it.
 */

const plain = /^[A-Za-z][\w./-]*( [\w./-]+)*$/;
/** Older readers take these for something else. */
const reserved = /^(true|false|null|yes|no|on|off|y|n)$/i;
/** JSON leaves them as they are, YAML does not take them. */
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

const escaped = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`;

const quoted = (text: string): string =>
  plain.test(text) && !reserved.test(text) ? text : JSON.stringify(text).replaceAll(unprintable, escaped);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const linesOf = (value: unknown): readonly string[] => {
  if (Array.isArray(value) && value.length > 0)
    return value.flatMap((item) => linesOf(item).map((line, at) => `${at === 0 ? "- " : "  "}${line}`));
  if (isRecord(value)) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    if (fields.length > 0) return fields.flatMap(([name, field]) => fieldLines(quoted(name), field));
  }
  return [typeof value === "string" ? quoted(value) : JSON.stringify(value)];
};

const fieldLines = (name: string, value: unknown): readonly string[] => {
  const lines = linesOf(value);
  const isBlock = typeof value === "object" && value !== null && !/^[[{]/.test(lines[0] ?? "");
  return isBlock ? [`${name}:`, ...lines.map((line) => `  ${line}`)] : [`${name}: ${lines[0]}`];
};

/** Throws nothing on JSON; of other values it takes what JSON would. */
export const toYaml = (value: unknown): string => `${linesOf(value).join("\n")}\n`;
