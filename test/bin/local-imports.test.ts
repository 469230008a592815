/**
 * What the commands load. The CDK, the bundler and the application take seconds and much memory, so `--help` loads none
 * of them, and `npm start` loads them in a process that ends.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./command-line.ts";

const atOnce = /^(?:import|export|\} from)\b(?! type\b)[^;"]*"([^"]+)";/gm;
const whenItRuns = /\bimport\("([^"]+)"\)/g;

const importsOf = (file: string, kinds: readonly RegExp[]): readonly string[] =>
  kinds.flatMap((kind) =>
    [...readFileSync(file, "utf8").matchAll(kind)].map(([, name = ""]) =>
      name.startsWith(".") ? join(dirname(file), name) : name,
    ),
  );

/** All that is loaded with a file, packages by their names. */
const loadedWith = (
  file: string,
  kinds: readonly RegExp[],
  loaded = new Set<string>(),
): readonly string[] => {
  if (loaded.has(file)) return [...loaded];
  loaded.add(file);
  if (file.startsWith("/")) for (const each of importsOf(file, kinds)) loadedWith(each, kinds, loaded);
  return [...loaded];
};

test("the process of npm start does not load what only the synthesis needs", () => {
  const loaded = loadedWith(join(root, "bin/local/run.ts"), [atOnce, whenItRuns]);
  expect(loaded).toContain(join(root, "lib/local/local-cloud.ts"));
  expect(loaded).toContain("kafkajs");
  // Compares the schemas of two versions, after the application has changed.
  const comparison = /\/lib\/compile\/(compatibility|schemas)\//;
  expect(
    loadedWith(join(root, "bin/local/run.ts"), [atOnce]).filter((each) => comparison.test(each)),
  ).toEqual([]);
  // The context keys are data, which the options are checked against, and messages about them hide passwords.
  const small = ["keys", "passwords"].map((name) => join(root, `lib/deploy/context/${name}.ts`));
  const others = loaded.filter((each) => !small.includes(each) && !comparison.test(each));
  expect(
    others.filter((each) => /aws-cdk-lib|esbuild|\/lib\/(deploy|shop|constructs|compile)\//.test(each)),
  ).toEqual([]);
});

test("jose is loaded with the first token only", () => {
  const run = join(root, "bin/local/run.ts");
  expect(loadedWith(run, [atOnce])).not.toContain("jose");
  expect(loadedWith(run, [atOnce, whenItRuns])).toContain("jose");
});

const commands = ["eventfold", "local", "synth", "provision", "operate", "document", "compat", "new"];

test.each(commands)("bin/%s.ts prints --help without the CDK, the bundler and the local cloud", (name) => {
  const loaded = loadedWith(join(root, `bin/${name}.ts`), [atOnce]);
  expect(loaded.length).toBeGreaterThan(3);
  // Compares the schemas of two versions, after the application has changed.
  const comparison = /\/lib\/compile\/(compatibility|schemas)\//;
  expect(
    loadedWith(join(root, "bin/local/run.ts"), [atOnce]).filter((each) => comparison.test(each)),
  ).toEqual([]);
  // The context keys are data, which the options are checked against.
  const keys = join(root, "lib/deploy/context/keys.ts");
  const others = loaded.filter((each) => each !== keys);
  expect(
    others.filter((each) =>
      /aws-cdk-lib|esbuild|tsx|kafkajs|rabbitmq-client|jose|\/local-cloud\.ts/.test(each),
    ),
  ).toEqual([]);
});

test.each(["local", "synth", "provision"])("bin/%s.ts loads them when it runs", (name) => {
  const loaded = loadedWith(join(root, `bin/${name}.ts`), [atOnce, whenItRuns]);
  expect(loaded.filter((each) => /aws-cdk-lib$|\/local-cloud\.ts/.test(each))).not.toEqual([]);
});
