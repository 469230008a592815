import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { filesOf, partsOf, withPart } from "../../../bin/document/documents.ts";
import { root, run } from "../../bin/command-line.ts";
import { project } from "../project.ts";

test.each(partsOf(project).map((part) => [part.file, part] as const))(
  "what is generated in %s is current",
  (file, part) => {
    const text = readFileSync(join(root, file), "utf8");
    expect(withPart(text, part) === text, "npm run document writes it anew").toBe(true);
  },
);

test.each(filesOf(project))("$file is current", ({ file, make }) => {
  expect(readFileSync(join(root, file), "utf8") === make(), "npm run document writes it anew").toBe(true);
});

const part = { file: "a.md", name: "x", make: () => "new" };

test("a part is replaced between its markers, and all else stays", () => {
  const text = "before\n<!-- begin x -->\nold\n<!-- end x -->\nafter\n";
  const fresh = "before\n<!-- begin x -->\n\nnew\n\n<!-- end x -->\nafter\n";
  expect(withPart(text, part)).toBe(fresh);
  expect(withPart(fresh, part)).toBe(fresh);
});

test("a file that does not exist yet becomes the part", () => {
  expect(withPart("", part)).toBe("<!-- begin x -->\n\nnew\n\n<!-- end x -->\n");
});

test("an application without sagas has no document of sagas", () => {
  const application = { ...project.application, sagas: [] };
  const files = partsOf({ application, technologies: {} }).map(({ file }) => file);
  expect(files).toEqual(["README.md"]);
});

test("a missing marker is named", () => {
  expect(() => withPart("nothing", part)).toThrow("a.md has no line <!-- begin x -->");
  expect(() => withPart("<!-- begin x -->", part)).toThrow("a.md has no line <!-- end x -->");
});

test("an unknown option is named, and the help follows", async () => {
  const { code, stderr } = await run("bin/document.ts", ["--chek"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^Unknown option '--chek'/);
  expect(stderr).toContain("eventfold document [options]");
});
