/**
 * The recorded templates of every variant. Stored data, deployed stacks and dashboards depend on the names in them, so
 * a change of the code must not change a name by accident. To accept a change, run:
 * `npx tsx test/shop/templates/record.ts`.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { synthesizeWithoutCode } from "./without-code.ts";

export type Templates = Readonly<Record<string, unknown>>;

export const file = join(import.meta.dirname, "recorded.json.br");

/** These depend on the code of a function, or are only for people. */
const free = ["S3Key", "Description", "AlarmDescription", "aws:asset:path"];

const withoutFree = (_name: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).filter(([name]) => !free.includes(name)))
    : value;

/** By file name, without the parts that may change. */
export const templatesOf = (context: Readonly<Record<string, string>>): Templates => {
  const outdir = mkdtempSync(join(tmpdir(), "templates-"));
  try {
    synthesizeWithoutCode(context, outdir);
    const files = readdirSync(outdir).filter((name) => name.endsWith(".template.json"));
    return Object.fromEntries(
      files.map((name) => [name, JSON.parse(readFileSync(join(outdir, name), "utf8"), withoutFree)]),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};

export const read = (): Readonly<Record<string, Templates>> =>
  JSON.parse(brotliDecompressSync(readFileSync(file)).toString("utf8"), withoutFree);

export const packed = (templates: Readonly<Record<string, Templates>>): Uint8Array =>
  // The variants are similar, so a window that holds more than one makes the file ten times smaller.
  brotliCompressSync(JSON.stringify(templates), { params: { [constants.BROTLI_PARAM_LGWIN]: 24 } });
