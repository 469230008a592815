/**
 * The shop as `npm start` runs it, and its clients. Each test file starts one shop, because a start takes long, and its
 * tests use different ids. Tests wait for conditions, never for a fixed time.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, inject } from "vitest";
import { type LocalCloudOptions, localCloud } from "../../../lib/local/local-cloud.ts";
import type { Report } from "../../../lib/local/service/service.ts";
import { owner } from "../../e2e/owner.ts";
import { client } from "./client.ts";

/** After this time a wait fails, with the problems that the shop has reported. */
const patienceMilliseconds = 50_000;
const pauseMilliseconds = 40;

export const problemsIn = (reports: readonly Report[]): readonly string[] =>
  reports
    .filter(({ level, fields }) => level === "problem" || fields?.kind === "problem")
    .map(({ source, message }) => `${source}: ${message}`);

/** Polls until there is a value. */
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
      expect.fail(
        [`waited ${patienceMilliseconds / 1000} s for ${what}`, ...problemsIn(reports).slice(-10)].join("\n"),
      );
    await setTimeout(pauseMilliseconds);
  }
};

/**
 * `assembly` is the synthesized assembly or a changed copy. `reports` also gets the reports from before the start is
 * complete. With `tokens`, the assembly names the issuer of `port`.
 */
export const startShop = async (
  assembly: string = inject("assembly"),
  reports: Report[] = [],
  own: Pick<LocalCloudOptions, "tokens"> & Partial<Pick<LocalCloudOptions, "port">> = {},
) => {
  const data = mkdtempSync(join(tmpdir(), "shop-e2e-data-"));
  const cloud = await localCloud({
    assembly,
    data,
    port: 0,
    ...own,
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
    /** A client whose requests send this token. */
    as: (token: string) => client(cloud.url, wait, token),
    /** The problems in the live log, the newest last. */
    problems: () => problemsIn(reports),
    reports,
    stop: async () => {
      await cloud.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
};

export type Shop = Awaited<ReturnType<typeof startShop>>;
