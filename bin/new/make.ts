/** Writes the files of a new application. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { contentFolder, pack } from "../package/tarball.ts";
import { type File, write } from "./folder.ts";
import { filesOf, type Template } from "./template.ts";

const vendored = (content: string): File & { readonly name: string } => {
  const folder = mkdtempSync(join(tmpdir(), "eventfold-"));
  try {
    const { file } = pack(content, folder);
    const name = basename(file);
    return { name, path: `vendor/${name}`, content: readFileSync(file) };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** Returns the paths of the files. Writes nothing until all contents, including the tarball, are ready. */
export const make = (folder: string, template: Template, name: string): readonly string[] => {
  const content = contentFolder();
  const tarball = vendored(content);
  const files = [...filesOf(content, template, { name, tarball: tarball.name }), tarball];
  write(folder, files);
  return files.map(({ path }) => path).sort();
};
