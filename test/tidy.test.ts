/** The rules for the code as a test: what each file may import, and which words are banned. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { deadExports } from "./tidy/dead-exports.ts";
import * as exceptions from "./tidy/exceptions.ts";
import { filesWithFindings } from "./tidy/lint.ts";
import { codeOf, files, filesIn, importsOf, root, textOf } from "./tidy/source.ts";

const { differences } = exceptions;

/** The first row whose pattern matches a file lists what it may import besides its own folder. */
const rules: readonly (readonly [files: RegExp, may: RegExp])[] = [
  [/^lib\/eventfold\.ts$/, /^lib\/model\//],
  [/^lib\/model\//, /^zod(\/v4\/core)?$/],
  [/^lib\/shop\/.+\/construct\.ts$/, /^(lib\/constructs\/ports\.ts$|aws-cdk-lib(\/|$)|constructs$)/],
  [/^lib\/shop\/payments\/sandbox\//, /^(zod$|lib\/model\/|lib\/ports\/|@aws-sdk\/)/],
  [/^lib\/shop\/services\.ts$/, /^(#|lib\/model\/|lib\/ports\/|lib\/adapters\/(?!.*construct\.ts))/],
  [/^lib\/shop\/(technologies|guide)\.ts$/, /^lib\/deploy\/(technologies|guide)\.ts$/],
  [/^lib\/shop\/costs\//, /^lib\/(model|compile)\//],
  [/^lib\/shop\//, /^(zod$|lib\/model\/|lib\/ports\/)/],
  [/^lib\/ports\//, /^lib\/model\//],
  [/^lib\/runtime\//, /^(zod$|node:crypto$|lib\/model\/|lib\/ports\/)/],
  [
    /^lib\/adapters\/.+\/construct\.ts$/,
    /^(lib\/constructs\/(ports|findings\/acknowledge)\.ts$|aws-cdk-lib(\/|$)|constructs$)/,
  ],
  [
    /^lib\/adapters\//,
    /^(zod$|node:|lib\/model\/|lib\/ports\/|@aws-sdk\/|@smithy\/|(nodemailer|kafkajs|rabbitmq-client)$)/,
  ],
  [/^lib\/compile\//, /^(zod$|yaml$|lib\/model\/)/],
  [/^lib\/constructs\//, /^(lib\/model\/|lib\/compile\/|aws-cdk-lib(\/|$)|constructs$)/],
  // The pages of the local cloud escape text like all other pages.
  [/^lib\/local\/(server\/(start-)?page|ses\/mailbox-page)\.ts$/, /^lib\/model\/http\/html\.ts$/],
  [/^lib\/local\//, /^(zod$|node:|@aws-sdk\/|(jose|jsonata|kafkajs|rabbitmq-client)$)/],
  [
    /^lambdas\//,
    /^(#|lib\/model\/|lib\/runtime\/|lib\/ports\/|lib\/compile\/openapi\/api-documents\.ts$|lib\/adapters\/(?!.*construct\.ts))/,
  ],
  [/^lib\/testing\/contracts\//, /^(vitest$|zod$|node:|lib\/(model|ports)\/)/],
  [
    /^lib\/testing\//,
    /^(node:(assert\/strict|timers\/promises)$|lib\/(model|ports|runtime)\/|lib\/adapters\/(memory|in-process)\/)/,
  ],
  [/^lib\/deploy\//, /^(?!lib\/(runtime|local|shop)\/)/],
  [/^bin\/shop\//, /^(?!lib\/runtime\/)/],
  [/^bin\//, /^(?!lib\/(runtime|shop)\/)/],
];

const folderOf = (file: string): string => /^(lib\/adapters\/[^/]+|lib\/[^/]+|[^/]+)\//.exec(file)?.[1] ?? "";

test("every file imports what its folder may import, and nothing else", () => {
  const wrong = files.flatMap((file) => {
    const rule = rules.find(([pattern]) => pattern.test(file));
    if (!rule) return [`${file}: no rule says what it may import`];
    return importsOf(file)
      .filter((name) => !name.startsWith(`${folderOf(file)}/`) && !rule[1].test(name))
      .map((name) => `${file} imports ${name}`);
  });
  expect(wrong).toEqual([]);
});

/** Only these may use the shop. Benches measure it. */
const ofShop = /^(lib|bin|test)\/shop\/|^bench\//;

/** Names of the shop that other files use with another meaning: fields of test data, or their own functions. */
const notOfShop = ["orderId", "shipTo", "itemsOf", "answerOf", "withoutBus", "calledOff"];

/** A copy without the shop is also tested: npm run test:without-shop. */
const hasShop = existsSync(join(root, "lib/shop"));

/** Names of more than one word that only the shop has. */
const shopNames: readonly string[] = [
  ...new Set(
    filesIn("lib/shop").flatMap((file) =>
      [...textOf(file).matchAll(/^export (?:const|type) (\w+[a-z][A-Z]\w*)/gm)].map(([, name = ""]) => name),
    ),
  ),
].filter((name) => !notOfShop.includes(name));

test("only the shop, its tests and its commands import the shop or use its names", () => {
  const others = [...files, ...filesIn("test")].filter((file) => !ofShop.test(file));
  expect(shopNames.length > 40).toBe(hasShop);
  const found = others.flatMap((file) => {
    const code = codeOf(file).replaceAll(/"[^"\n]*"|`[^`]*`/g, "");
    return [
      ...importsOf(file).filter((name) => /^(lib|bin|test)\/shop\//.test(name)),
      ...shopNames.filter((name) => new RegExp(`\\b${name}\\b`).test(code)),
    ].map((name) => `${file}: ${name}`);
  });
  expect(found).toEqual([]);
});

const exportsOf = (file: string): readonly string[] =>
  [...codeOf(file).matchAll(/^export (?:const|type|class|function) (\w+)/gm)].map(([, name = ""]) => name);

/** The folder of an adapter: `lib/adapters/x`, or the folder of the construct in an application. */
const adapterOf = (construct: string): string =>
  /^lib\/adapters\/[^/]+/.exec(construct)?.[0] ?? dirname(construct);

test("each export of a construct has a unique name, and the name of a value ends in Resources", () => {
  const constructs = files.filter((file) => /^lib\/(adapters|shop)\/.*construct\.ts$/.test(file));
  expect(constructs.length).toBeGreaterThan(10);
  const all = constructs.flatMap(exportsOf);
  const found = constructs.flatMap((construct) => {
    const atRunTime = files
      .filter((file) => file.startsWith(`${adapterOf(construct)}/`) && !file.endsWith("/construct.ts"))
      .flatMap(exportsOf);
    const isShared = (name: string) =>
      atRunTime.includes(name) || all.filter((other) => other === name).length > 1;
    const values = [...codeOf(construct).matchAll(/^export const (\w+)/gm)].map(([, name = ""]) => name);
    return [
      ...exportsOf(construct).filter(isShared),
      ...values.filter((name) => !name.endsWith("Resources")),
    ].map((name) => `${construct}: ${name}`);
  });
  expect(found).toEqual([]);
});

/** What is banned in the code, and what to write instead. */
const banned: readonly (readonly [text: RegExp, instead: string, except?: RegExp])[] = [
  [/from "zod";/, 'import * as z from "zod"', /import \* as z|import type \* as z/],
  [/\bas any\b|: any\b/, "a type"],
  [/@ts-(ignore|expect-error)/, "a type that fits"],
  [/\bTODO\b|\bFIXME\b/, "do it"],
  [/StartingPosition\.LATEST/, "TRIM_HORIZON: LATEST loses events at deployment"],
];

test("the code contains nothing that is banned", () => {
  const found = files.flatMap((file) =>
    readFileSync(join(root, file), "utf8")
      .split("\n")
      .flatMap((line, index) =>
        banned
          .filter(([text, , except]) => text.test(line) && !except?.test(line))
          .map(([, instead]) => `${file}:${index + 1}: ${line.trim()} (${instead})`),
      ),
  );
  expect(found).toEqual([]);
});

test("the shop, the model and the runtime get time and randomness only from their ports", () => {
  const found = files
    .filter((file) => /^lib\/(shop|model|runtime)\//.test(file))
    .filter((file) =>
      /new Date\(\)|Date\.now\(|Math\.random\(|randomUUID\(/.test(readFileSync(join(root, file), "utf8")),
    );
  expect(found).toEqual([]);
});

test("a lambda is only wiring: at most 12 lines besides imports, without branches", () => {
  const thick = filesIn("lambdas").filter((file) => {
    const text = readFileSync(join(root, file), "utf8");
    const lines = text.split("\n").filter((line) => line !== "" && !/^(import |\/\*\*)/.test(line));
    return (
      lines.length > 12 ||
      /\b(if|try|async|process\.env|JSON\.parse)\b/.test(text.replaceAll(/\/\*\*.*\*\//g, ""))
    );
  });
  expect(thick).toEqual([]);
});

test("the functions run the application with its stored names, and only documents have the present ones", () => {
  const importing = (name: string) =>
    filesIn("lambdas").filter((file) => importsOf(file).some((each) => each === name));
  expect(importing("#application")).toEqual(["lambdas/query.ts", "lambdas/stored/application.ts"]);
  expect(importing("lambdas/stored/application.ts")).toContain("lambdas/query.ts");
});

test("the log entries of every lambda have the id of the invocation", () => {
  const lambdas = readdirSync(join(root, "lambdas")).filter((file) => file.endsWith(".ts"));
  expect(lambdas).not.toEqual([]);
  const unnamed = lambdas.filter(
    (file) =>
      !readFileSync(join(root, "lambdas", file), "utf8").includes("export const handler = invocation("),
  );
  expect(unnamed).toEqual([]);
});

test("a problem document from an error is logged with that error, so that the log has its stack", () => {
  const caught = /(?:catch \(|catch\(\(|on\("error", \()(error|fault)\b/;
  const unlogged = files
    .filter((file) => /^lib\/(runtime|adapters)\//.test(file))
    .flatMap((file) => {
      const text = readFileSync(join(root, file), "utf8");
      if (!caught.test(text)) return [];
      return [...text.matchAll(/log\.write\(\{ kind: "problem"[\s\S]*?\}\)[,;)]/g)]
        .map(([entry]) => entry)
        .filter((entry) => /\$\{(error|fault)\}/.test(entry) && !/\berror\b(?!\})/.test(entry))
        .map((entry) => `${file}: ${entry}`);
    });
  expect(unlogged).toEqual([]);
});

const folders = (file: string) => dirname(file).split("/");

test("no folder is named after a kind of thing", () => {
  const kinds = /^(utils?|helpers?|common|shared|types|interfaces)$/;
  expect(files.filter((file) => folders(file).some((folder) => kinds.test(folder)))).toEqual([]);
});

/** Their functions are the bodies of `describe`. */
const isSuite = /^lib\/testing\/contracts\//;

test("a function has at most 60 lines of code", () => {
  const found = filesWithFindings("complexity/noExcessiveLinesPerFunction").filter(
    (file) => !isSuite.test(file),
  );
  expect(differences(found, exceptions.longFunctions)).toEqual([]);
});

test("a function has at most three parameters", () => {
  const found = filesWithFindings("complexity/useMaxParams");
  expect(differences(found, exceptions.manyParameters)).toEqual([]);
});

test("a folder has at most 12 files", () => {
  const all = files.map(dirname);
  const found = all.filter((folder) => all.filter((other) => other === folder).length > 12);
  expect(differences(found, exceptions.largeFolders)).toEqual([]);
});

test("only lib/ports/settings.ts reads the environment", () => {
  const found = files.filter(
    (file) =>
      file.startsWith("lib/") && file !== "lib/ports/settings.ts" && codeOf(file).includes("process.env"),
  );
  expect(differences(found, exceptions.environmentReaders)).toEqual([]);
});

/** Sources of time and randomness, in the cloud and in the local cloud. */
const sources: ReadonlySet<string> = new Set([
  "lib/adapters/system/system.ts",
  "lib/local/machine/clock.ts",
  "lib/local/machine/random.ts",
]);

test("adapters and the local cloud share one clock and one source of randomness", () => {
  const own =
    /new Date\(\)|Date\.now\(|Math\.random|random(UUID|Bytes|Int)\(|set(Timeout|Interval)\(|performance\./;
  const found = files.filter(
    (file) => /^lib\/(adapters|local)\//.test(file) && !sources.has(file) && own.test(codeOf(file)),
  );
  expect(differences(found, exceptions.clocks)).toEqual([]);
});

/** The files behind names such as #application. */
const mapped: readonly string[] = Object.values<string | Readonly<Record<string, string>>>(
  JSON.parse(readFileSync(join(root, "package.json"), "utf8")).imports,
)
  .flatMap((target) => (typeof target === "string" ? [target] : Object.values(target)))
  .map((target) => target.slice("./".length));

/** What the package exports besides the lambdas and the commands. */
const offered = /^lib\/(eventfold\.ts$|adapters\/memory\/|testing\/)/;

test("a lambda or a command needs every file of lib", () => {
  const entries = files.filter((file) => /^(bin|lambdas)\//.test(file) || offered.test(file));
  const reached = new Set([...entries, ...mapped]);
  for (const file of reached)
    for (const name of importsOf(file))
      if (existsSync(join(root, name)) && name.endsWith(".ts")) reached.add(name);
  expect(
    differences(
      files.filter((file) => !reached.has(file)),
      exceptions.unreachable,
    ),
  ).toEqual([]);
});

test("every export is used", () => {
  const found = deadExports().filter((finding) => {
    const file = finding.split(":")[0] ?? "";
    return !Object.hasOwn(exceptions.unreachable, file);
  });
  // Only the shop and its tests need some of them.
  expect(hasShop ? differences(found, exceptions.exportsWithoutUse) : []).toEqual([]);
});
