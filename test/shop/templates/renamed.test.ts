/** A renamed part keeps its resources: the templates are the same, byte for byte. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { renamed } from "../../model/names/renamed.ts";
import { project } from "../project.ts";
import { variants } from "./variants.ts";
import { synthesizeWithoutCode } from "./without-code.ts";

const newShop: typeof project = { ...project, application: renamed(project.application) };

const textsOf = (of: typeof project, context: Readonly<Record<string, string>>) => {
  const outdir = mkdtempSync(join(tmpdir(), "renamed-"));
  try {
    synthesizeWithoutCode(context, outdir, of);
    const files = readdirSync(outdir).filter((name) => name.endsWith(".template.json"));
    return files.map((name) => [name, readFileSync(join(outdir, name), "utf8")]);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};

/** Each bus and each engine. The context names sagas by their names from before. */
const chosen = [
  "without context",
  "one saga by events",
  "kafka with a secret, choreography",
  "rabbitmq made with the stack",
  "throttled, traced, with errors only",
];

test.each(chosen)("the template of %s does not change if every part of the shop is renamed", (name) => {
  const context = variants[name] ?? {};
  expect(textsOf(newShop, context)).toEqual(textsOf(project, context));
});

test("the context may name a renamed saga by its present name, which takes precedence", () => {
  const { "saga.restock": engine = "", ...others } = variants["one saga by events"] ?? {};
  const before = textsOf(project, { ...others, "saga.restock": engine });
  expect(textsOf(newShop, { ...others, "saga.newrestock": engine })).toEqual(before);
  const both = { "saga.newrestock": engine, "saga.restock": "step-functions" };
  expect(textsOf(newShop, { ...others, ...both })).toEqual(before);
});

test("the context may not name a saga by a name that it never had", () => {
  expect(() => textsOf(newShop, { "saga.newrestocks": "choreography" })).toThrow(
    "there is no saga newrestocks",
  );
});
