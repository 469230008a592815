/** What --fresh deletes, and what it leaves alone. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type LocalCloudOptions, localCloud } from "../../../lib/local/local-cloud.ts";
import { emptyFolder } from "../../../lib/local/machine/data-folder.ts";
import { table, temporaryFolder, writeAssembly } from "../app.ts";

const assembly = writeAssembly({ Resources: { Table: table } });
const start = (data: string, more: Partial<LocalCloudOptions> = {}) =>
  localCloud({ assembly, port: 0, report: () => {}, data, fresh: true, ...more });

const folderWith = (files: Readonly<Record<string, string>>): string => {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
};

describe("a folder is emptied", () => {
  test("if it is new: it is created before brokers are prepared", async () => {
    const data = join(temporaryFolder(), "deep", "data");
    let found: readonly string[] = [];
    const prepare = async () => {
      found = readdirSync(data);
    };
    await (await start(data, { prepare })).stop();
    expect(found).toEqual(["lock"]);
    expect(readdirSync(data)).toContain("journal.jsonl");
  });

  test("if an instance of this version created it and has ended", async () => {
    const data = temporaryFolder();
    const first = await start(data);
    first.journal.map<number>("kept").set("a", 1);
    await first.stop();
    const again = await start(data, { fresh: false });
    expect(again.journal.map<number>("kept").get("a")).toBe(1);
    await again.stop();
    const fresh = await start(data);
    expect(fresh.journal.map<number>("kept").get("a")).toBeUndefined();
    await fresh.stop();
  });

  // They were killed, and wrote no marker.
  test.each(["0.1.0-auto", "0.1.0-choreography"])("if an earlier version created it: %s", (name) => {
    const folder = temporaryFolder();
    execFileSync("tar", [
      "-xzf",
      join(import.meta.dirname, "..", "..", "stored", `${name}.tar.gz`),
      "-C",
      folder,
    ]);
    const data = join(folder, "data");
    expect(readdirSync(data).length).toBeGreaterThan(2);
    emptyFolder(data);
    expect(readdirSync(data)).toEqual([]);
  });

  test("if its files are corrupt or incomplete", () => {
    const data = folderWith({
      "journal.jsonl": "this is not what it should be",
      "journal.jsonl.new": "[",
      "dynamodb.sqlite": "neither is this",
      "dynamodb.sqlite-wal": "",
      "shared-local-instance.db": "",
      lock: "",
    });
    emptyFolder(data);
    expect(readdirSync(data)).toEqual(["lock"]);
  });
});

describe("a folder is left alone", () => {
  test.each<readonly [string, Readonly<Record<string, string>>]>([
    ["package.json", { "package.json": "{}", "journal.jsonl": "", "dynamodb.sqlite": "" }],
    ["journal.jsonl.bak", { "journal.jsonl": "", "journal.jsonl.bak": "" }],
    ["dynamodb.sqlite-copy", { "dynamodb.sqlite-copy": "" }],
    ["lock", { lock: "that another program uses" }],
    [".profile", { ".profile": "" }],
  ])("if it holds %s", async (foreign, files) => {
    const data = folderWith(files);
    await expect(start(data)).rejects.toThrow(`--fresh does not empty ${data}: ${foreign} in it is not`);
    for (const [name, content] of Object.entries(files))
      expect(readFileSync(join(data, name), "utf8")).toBe(content);
    expect(readdirSync(data).sort()).toEqual(Object.keys(files).sort());
  });

  test("if it holds a folder or a link with a name that we use", async () => {
    const other = folderWith({ precious: "x" });
    for (const make of [
      (path: string) => mkdirSync(path),
      (path: string) => symlinkSync(join(other, "precious"), path),
    ]) {
      const data = temporaryFolder();
      make(join(data, "journal.jsonl"));
      await expect(start(data)).rejects.toThrow("journal.jsonl in it is not a file of the local cloud");
    }
    expect(existsSync(join(other, "precious"))).toBe(true);
  });

  test("while an instance uses it, and that instance continues", async () => {
    const data = temporaryFolder();
    const first = await start(data);
    first.journal.map<number>("kept").set("a", 1);
    let isPrepared = false;
    const prepare = async () => {
      isPrepared = true;
    };
    await expect(start(data, { prepare })).rejects.toThrow(`the data folder ${data} is in use`);
    expect(isPrepared).toBe(false);
    expect(readFileSync(join(data, "journal.jsonl"), "utf8")).toContain('["kept","a",1]');
    await first.stop();
  });

  test("while its port is busy", async () => {
    const data = temporaryFolder();
    const first = await start(data);
    first.journal.map<number>("kept").set("a", 1);
    await first.stop();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" && address ? address.port : 0;
    await expect(start(data, { port })).rejects.toThrow(`port ${port} is in use`);
    other.close();
    expect(readFileSync(join(data, "journal.jsonl"), "utf8")).toContain('["kept","a",1]');
  });

  test("without --fresh, whatever it holds", async () => {
    const data = folderWith({ "package.json": "{}" });
    await (await start(data, { fresh: false })).stop();
    expect(readFileSync(join(data, "package.json"), "utf8")).toBe("{}");
  });
});
