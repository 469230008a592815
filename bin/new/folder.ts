/** Checks the folder of a new application, which must be new or empty. */
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The reason why the folder cannot be used. Undefined if it can. */
export const refusalOf = (folder: string): string | undefined => {
  if (!existsSync(folder)) return undefined;
  if (!statSync(folder).isDirectory()) return `${folder} is a file; name a new or empty folder`;
  if (readdirSync(folder).length > 0) return `${folder} is not empty; name a new or empty folder`;
  return undefined;
};

export type File = { readonly path: string; readonly content: string | Uint8Array };

export const write = (folder: string, files: readonly File[]): void => {
  for (const { path, content } of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
};
