/** What the pages of the local cloud show of the application that runs. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as z from "zod";
import type { HostPages } from "../../../lib/local/server/host-pages.ts";
import type { Synthesized } from "../synthesized.ts";
import { concerns } from "./concerns.ts";
import { viewerFiles, viewerPage } from "./viewer.ts";

type Given = {
  readonly data: string;
  readonly bus?: string | undefined;
  readonly saga?: readonly string[] | undefined;
  readonly dynamodb?: string | undefined;
  readonly tokens: boolean;
};

const packageVersion = (): string =>
  z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8"))).version;

export const hostPages = (
  { name, version, links, openapi, page }: Synthesized["pages"],
  { data, bus = "eventbridge", saga = ["auto"], dynamodb = "the embedded engine", tokens }: Given,
): HostPages => ({
  about: {
    title: `${name} on this machine`,
    facts: [
      { name: "Application", value: `${name} ${version}` },
      { name: "eventfold", value: packageVersion() },
      { name: "Bus", value: bus },
      { name: "Saga engine", value: saga.join(", ") },
      { name: "DynamoDB", value: dynamodb },
      { name: "Data folder", value: resolve(data) },
      { name: "Access", value: tokens ? "with tokens of this machine" : "open to every request" },
    ],
    links,
    concerns,
  },
  files: viewerFiles,
  // The viewer reads the document, so without one the application's own page is shown.
  insteadOf:
    page === undefined || openapi === undefined ? {} : { [page]: viewerPage({ name, version, openapi }) },
});
