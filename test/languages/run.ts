/**
 * `npm run test:languages`: the patterns in our documents compile in Python's `re` and in Go's RE2, and match the same
 * strings there as in JavaScript. A language that is not installed is skipped and named.
 */

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import * as z from "zod";
import { application } from "#application";
import { toAsyncApi } from "../../lib/compile/documents/asyncapi.ts";
import { toOpenApi } from "../../lib/compile/openapi/openapi.ts";
import { inputSchema } from "../../lib/compile/schemas/schemas.ts";
import { patternsIn } from "../compile/schemas/patterns.ts";
import { application as library } from "../library/lib/application.ts";

/** The exit code for a skipped test, as in Automake. */
const nothingTested = 77;

const languages = [
  { name: "Python", command: "python3", args: [join(import.meta.dirname, "match.py")], version: "--version" },
  { name: "Go", command: "go", args: ["run", join(import.meta.dirname, "match.go")], version: "version" },
] as const;

/** Formats of zod, and character sets of JavaScript that applications may use. */
const others = z.object({
  formats: z.tuple([
    z.email(),
    z.uuid(),
    z.ipv4(),
    z.ipv6(),
    z.base64(),
    z.e164(),
    z.ulid(),
    z.nanoid(),
    z.iso.datetime({ offset: true }),
    z.iso.time(),
    z.string().includes("a.b/c"),
    z.templateLiteral(["a", z.int()]),
  ]),
  sets: z.tuple([
    z.string().regex(/^\w\W\d\D\s\S.$/),
    z.string().regex(/^[^\w\s]+$/),
    z.string().regex(/^[\s\S]$/u),
    z.string().regex(/^(?<year>\d{4})-[-\]^\\[&&|~]*?$/),
    z.string().regex(/^[^\p{Cc}\u{1F600}]+\/$/u),
  ]),
});

const patterns = [
  ...new Set([application, library].flatMap((each) => patternsIn([toOpenApi(each), toAsyncApi(each)]))),
  ...patternsIn(inputSchema(others)),
];

/** No text ends with a line break, because Python's `$` also matches before it. */
const texts = [
  ..."aZ09_-.@/\\[]^$|&~ \t\v\0\u00a0\u00e9\u0660\u2003\u2028\ufeff\ufffd\u{1f600}".split(/(?:)/u),
  ...[
    "",
    "ada@example.com",
    "o'hara@xn--bcher-kva.example",
    "ada@example-.com",
    "a".repeat(65),
    "a\nb",
    "a b",
  ],
  ...["10248", '"1"', '"1", W/"2"', "*", "order-1", "-1", "1-", "2026-01-31", "2024-02-29T12:00:00+01:00"],
  ...[
    "2023-02-29T12:00:00Z",
    "12:00",
    "192.0.2.1",
    "::1",
    "YQ==",
    "+4915112345678",
    "a.b/c",
    "a-7",
    "a,b",
    "\n",
  ],
  ...[
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "0b9c2b1e-4f5a-4c1e-8a53-6f0f3c1d2e4a",
    "a b1x\u00a0y.",
    "2026-[&&|]",
    "\u{1f600}/",
  ],
].filter((text) => !text.endsWith("\n"));

const expected = patterns.map((pattern) => texts.map((text) => new RegExp(pattern, "u").test(text)));

const matrix = z.array(z.array(z.boolean()));

const differences = (name: string, command: string, args: readonly string[]): readonly string[] => {
  const input = JSON.stringify({ patterns, texts });
  const { status, stdout, stderr } = spawnSync(command, args, { input, encoding: "utf8" });
  if (status !== 0) return [`${name}: ${stderr}`];
  const found = matrix.parse(JSON.parse(stdout));
  return patterns.flatMap((pattern, row) =>
    texts
      .filter((_, column) => found[row]?.[column] !== expected[row]?.[column])
      .map((text) => `${name}: ${pattern} does not match ${JSON.stringify(text)} as in JavaScript`),
  );
};

const isThere = ({ command, version }: (typeof languages)[number]): boolean =>
  spawnSync(command, [version], { stdio: "ignore" }).status === 0;

const present = languages.filter(isThere);
const absent = languages.filter((language) => !isThere(language));
const faults = present.flatMap(({ name, command, args }) => differences(name, command, args));
for (const each of faults) process.stdout.write(`${each}\n`);
for (const { name } of present)
  process.stdout.write(`${name}: ${patterns.length} patterns, ${texts.length} texts\n`);
if (faults.length > 0) process.exitCode = 1;
else if (present.length === 0) process.exitCode = nothingTested;
if (absent.length > 0) {
  const skipped = absent.map(({ name, command }) => `patterns in ${name} (no ${command})`);
  process.stdout.write(`skipped: ${skipped.join(", ")}\n`);
}
