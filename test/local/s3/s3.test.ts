import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { buckets } from "../../../lib/local/s3/s3.ts";
import type { Input } from "../../../lib/local/service/service.ts";
import { resource, type TestCloud, testCloud } from "../cloud.ts";

describe("a bucket", () => {
  let cloud: TestCloud;
  let folder: string;
  const start = async (properties: Input = {}) => {
    cloud = await testCloud({
      providers: [[buckets, "AWS::S3::Bucket"]],
      resources: [resource("AWS::S3::Bucket", "lost", properties, "arn:aws:s3:::lost")],
      journalFile: join(folder, "journal"),
    });
  };
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "s3-"));
    await start();
  });
  afterEach(async () => {
    await cloud.stop();
    rmSync(folder, { recursive: true });
  });

  const put = (Key: string, Body: string | Uint8Array) =>
    cloud.call("s3", "PutObject", { Bucket: "lost", Key, Body });
  const get = (Key: string) => cloud.call("s3", "GetObject", { Bucket: "lost", Key });

  test.each([
    ["text", "grün", 5],
    ["bytes", new Uint8Array([0, 255, 128]), 3],
  ])("returns %s that was put, also after a restart", async (_, Body, ContentLength) => {
    await put("a/b", Body);
    await cloud.stop();
    await start();
    expect(await get("a/b")).toMatchObject({
      Body,
      ContentLength,
      ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
    });
  });

  test("lists keys in order, by prefix, page by page", async () => {
    for (const key of ["x/2", "x/1", "y/1", "x/3"]) await put(key, key);
    const list = (more: Input) =>
      cloud.call("s3", "ListObjectsV2", { Bucket: "lost", Prefix: "x/", MaxKeys: 2, ...more });
    expect(await list({})).toMatchObject({
      IsTruncated: true,
      NextContinuationToken: "x/2",
      Contents: [{ Key: "x/1", Size: 3 }, { Key: "x/2" }],
    });
    expect(await list({ ContinuationToken: "x/2" })).toMatchObject({
      IsTruncated: false,
      Contents: [{ Key: "x/3" }],
    });
  });

  test("needs permission to put and get for the object, and to list for the bucket", async () => {
    await put("a", "x");
    await get("a");
    await cloud.call("s3", "ListObjectsV2", { Bucket: "lost" });
    expect(cloud.asked.map(({ requirement }) => requirement)).toEqual([
      { action: "s3:PutObject", resource: "arn:aws:s3:::lost/a" },
      { action: "s3:GetObject", resource: "arn:aws:s3:::lost/a" },
      { action: "s3:ListBucket", resource: "arn:aws:s3:::lost" },
    ]);
  });

  test("refuses an unknown object, an unknown bucket and an unsupported setting", async () => {
    await expect(get("gone")).rejects.toMatchObject({ code: "NoSuchKey", status: 404 });
    await expect(cloud.call("s3", "GetObject", { Bucket: "other", Key: "a" })).rejects.toMatchObject({
      code: "NoSuchBucket",
    });
    await expect(start({ NotificationConfiguration: {} })).rejects.toThrow(
      "lost (AWS::S3::Bucket): property NotificationConfiguration = {}: does not run here",
    );
  });
});
