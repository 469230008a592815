import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { synthesizeWithoutCode } from "../templates/without-code.ts";

const outdir = mkdtempSync(join(tmpdir(), "kafka-cluster-"));
afterAll(() => rmSync(outdir, { recursive: true }));

test("a Kafka cluster is in a separate stack beside the application's stack", () => {
  synthesizeWithoutCode({ kafkaCluster: "create" }, outdir);
  const templates = readdirSync(outdir).filter((file) => file.endsWith(".template.json"));
  expect(templates.toSorted()).toEqual(["shop-kafka.template.json", "shop.template.json"]);
});
