import { expect, test } from "vitest";
import * as z from "zod";
import { isOtherVersion, packagesIn } from "../../new/packages.ts";
import { blocksOf, textOf } from "../markdown.ts";
import { tutorialPages } from "./pages.ts";

const manifest = tutorialPages.flatMap((page) => blocksOf(page)).find(({ info }) => info === "package.json");

test("the tutorial has the packages of a new application, and the versions of this repository", () => {
  const packages = packagesIn(manifest?.text ?? "{}");
  expect(packages.filter(isOtherVersion)).toEqual([]);
  expect(packages.map(([name]) => name)).toEqual(
    packagesIn(textOf("templates/new/package.json.template")).map(([name]) => name),
  );
});

test("the tutorial installs the file that npm pack makes", () => {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(textOf("package.json")));
  expect(manifest?.text).toContain(`"eventfold": "file:eventfold-${version}.tgz"`);
});
