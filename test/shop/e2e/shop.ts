/**
 * The shop, running as `npm start` runs it, and its clients. One is started for a whole test file, for starting
 * costs; its tests use ids of their own. Whatever is waited for comes by itself: nothing here depends on how long.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, inject } from "vitest";
import { localCloud } from "../../../lib/local/local-cloud.ts";
import type { Report } from "../../../lib/local/service/service.ts";
import { owner } from "../../e2e/owner.ts";
import { client } from "./client.ts";

/** Given up then, with what the shop reported until then. */
const patienceMilliseconds = 50_000;
const pauseMilliseconds = 40;

export const problemsIn = (reports: readonly Report[]): readonly string[] =>
  reports
    .filter(({ level, fields }) => level === "problem" || fields?.kind === "problem")
    .map(({ source, message }) => `${source}: ${message}`);

/** Asks again until there is an answer. */
export const waitFor = async <Value>(
  what: string,
  probe: () => Promise<Value | undefined> | Value | undefined,
  reports: readonly Report[] = [],
): Promise<Value> => {
  const deadline = performance.now() + patienceMilliseconds;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (performance.now() > deadline)
      expect.fail([`waited in vain for ${what}`, ...problemsIn(reports).slice(-10)].join("\n"));
    await setTimeout(pauseMilliseconds);
  }
};

/** `assembly` is the synthesized one, or a changed copy of it; `reports` gets what is reported before it is up, too. */
export const startShop = async (assembly: string = inject("assembly"), reports: Report[] = []) => {
  const data = mkdtempSync(join(tmpdir(), "shop-e2e-data-"));
  const cloud = await localCloud({
    assembly,
    data,
    port: 0,
    report: (report) => void reports.push(report),
  }).catch((fault: unknown) => {
    rmSync(data, { recursive: true, force: true });
    throw fault;
  });
  const wait = <Value>(what: string, probe: () => Promise<Value | undefined> | Value | undefined) =>
    waitFor(what, probe, reports);

  return {
    ...client(cloud.url, wait),
    owner: owner(cloud.resources, { endpoint: cloud.endpoint, credentials: cloud.ownerCredentials }),
    wait,
    /** What people see in the live log when something goes wrong, the newest last. */
    problems: () => problemsIn(reports),
    reports,
    stop: async () => {
      await cloud.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
};

export type Shop = Awaited<ReturnType<typeof startShop>>;
