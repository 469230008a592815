/** The files that editors and the hosted CI read fit the files that the checks read. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { root } from "./command-line.ts";

const read = (file: string): string => readFileSync(join(root, file), "utf8");

const workflow = z
  .object({
    jobs: z.record(
      z.string(),
      z.object({
        steps: z.array(
          z.object({ run: z.string().optional(), with: z.record(z.string(), z.unknown()).optional() }),
        ),
      }),
    ),
  })
  .parse(parse(read(".github/workflows/ci.yml")));

const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);

test("the hosted CI runs .ci/run and nothing else", () => {
  expect(steps.flatMap(({ run }) => run ?? [])).toEqual([".ci/run"]);
});

test("the hosted CI takes the Node of .nvmrc, which the package supports", () => {
  const files = steps.flatMap((step) => step.with?.["node-version-file"] ?? []);
  expect(files).toEqual([".nvmrc"]);
  const engines = z
    .object({ engines: z.object({ node: z.string() }) })
    .parse(JSON.parse(read("package.json")));
  const [, oldest = ""] = /^>=(\d+)/.exec(engines.engines.node) ?? [];
  expect(Number.parseInt(read(".nvmrc"), 10)).toBeGreaterThanOrEqual(Number(oldest));
});

test("editors indent and break lines as the formatter does", () => {
  const { formatter } = z
    .object({
      formatter: z.object({ indentStyle: z.string(), indentWidth: z.number(), lineWidth: z.number() }),
    })
    .parse(JSON.parse(read("biome.json")));
  const [, everywhere = ""] = /^\[\*\]\n([\s\S]*?)\n\n/m.exec(read(".editorconfig")) ?? [];
  expect(everywhere).toContain(`indent_style = ${formatter.indentStyle}\n`);
  expect(everywhere).toContain(`indent_size = ${formatter.indentWidth}\n`);
  expect(everywhere).toContain(`max_line_length = ${formatter.lineWidth}\n`);
});

test("the folders of the map in CONTRIBUTING.md are there", () => {
  const [, map = ""] =
    /^## The architecture[\s\S]*?^```\n([\s\S]*?)^```$/m.exec(read("CONTRIBUTING.md")) ?? [];
  let parent = "";
  const folders = [...map.matchAll(/^( *)(\S+\/)(?: |$)/gm)].map(([, indent = "", folder = ""]) => {
    if (indent === "") parent = folder;
    return indent === "" ? folder : `${parent}${folder}`;
  });
  expect(folders.length).toBeGreaterThan(15);
  // A copy of this repository may lack the shop and its benches.
  const optional = ["lib/shop/", "bench/"];
  const missing = folders.filter((folder) => !existsSync(join(root, folder)));
  expect(missing.filter((folder) => !optional.includes(folder))).toEqual([]);
});

test("CONTRIBUTING.md names every suite", () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(read("package.json")));
  const suites = Object.keys(scripts).filter((name) => name.startsWith("test:"));
  const text = read("CONTRIBUTING.md");
  expect(suites.filter((name) => !text.includes(`npm run ${name}`))).toEqual([]);
});
