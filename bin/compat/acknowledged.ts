/** Reads the changes that the team has accepted. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { type Acknowledgement, acknowledgements } from "../../lib/compile/compatibility/acknowledged.ts";

export const acknowledgedFile = "docs/compat-acknowledged.json";

/** Without the file, the list is empty. Throws unless the file lists changes, each with a reason. */
export const acknowledgedIn = (root: string): readonly Acknowledgement[] => {
  const file = join(root, acknowledgedFile);
  if (!existsSync(file)) return [];
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${acknowledgedFile} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  const { data, error } = acknowledgements.safeParse(json);
  if (data) return data;
  throw new Error(
    `${acknowledgedFile}: expected a list of { "change": "…", "because": "…" }:\n${z.prettifyError(error)}`,
  );
};
