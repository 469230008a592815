import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { filesOf, partsOf } from "../../../bin/document/documents.ts";
import { markedIn, pagesIn, placed, textIn, withPart } from "../../../bin/document/pages.ts";
import { root, run } from "../../bin/command-line.ts";
import { project } from "../project.ts";

const parts = placed(root, partsOf(project));

test.each(parts.map((part) => [part.name, part.file, part] as const))(
  "the part %s of %s is up to date",
  (_name, file, part) => {
    const text = readFileSync(join(root, file), "utf8");
    expect(withPart(text, part) === text, "npx eventfold document writes it").toBe(true);
  },
);

test.each(filesOf(project))("$file is up to date", ({ file, make }) => {
  expect(readFileSync(join(root, file), "utf8") === make(), "npx eventfold document writes it").toBe(true);
});

const part = { file: "a.md", name: "x", make: () => "new" };

test("a part is replaced between its markers, and all other text is kept", () => {
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
  const technologies = { ...project.technologies, documents: [] };
  const files = partsOf({ application, technologies }).flatMap(({ file }) => file ?? []);
  expect(files).toEqual(["README.md"]);
});

test("every marker of a page names a part", () => {
  const marked = pagesIn(root).flatMap((page) => markedIn(textIn(root, page)));
  const names = partsOf(project).map(({ name }) => name);
  expect(marked.filter((name) => !names.includes(name))).toEqual([]);
});

/** A folder with these files. */
const folderOf = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(tmpdir(), "document-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
};

const markers = "<!-- begin x -->\n<!-- end x -->\n";

test("a part goes to each page that has its markers, and nowhere else", () => {
  const folder = folderOf({ "README.md": "", "docs/guide/a.md": markers, "docs/b.md": markers });
  const files = placed(folder, [{ ...part, file: "README.md" }]).map(({ file }) => file);
  expect(files).toEqual(["docs/b.md", "docs/guide/a.md"]);
});

test("a part without markers goes to its file, and is not made if it has none", () => {
  const folder = folderOf({ "README.md": "" });
  const { file: _file, ...onDemand } = part;
  expect(placed(folder, [part]).map(({ file }) => file)).toEqual(["a.md"]);
  expect(placed(folder, [onDemand])).toEqual([]);
});

test("a missing marker is named", () => {
  expect(() => withPart("nothing", part)).toThrow("a.md has no line <!-- begin x -->");
  expect(() => withPart("<!-- begin x -->", part)).toThrow("a.md has no line <!-- end x -->");
});

test("an unknown option is named, and the one that it resembles", async () => {
  const { code, stderr } = await run("bin/document.ts", ["--chek"]);
  expect(code).toBe(2);
  expect(stderr).toBe("there is no option --chek; did you mean --check?\n\n--help lists the options\n");
});
