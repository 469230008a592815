import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openJournal } from "../../../lib/local/machine/journal.ts";

describe("the journal", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "journal-"));
    file = join(folder, "journal");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** The entries under `name` in a journal that is opened now. */
  const held = (name: string) => {
    const journal = openJournal(file);
    const entries = Object.fromEntries(journal.map(name).entries());
    journal.close();
    return entries;
  };

  test("keeps over a restart what was set and not deleted, separately for each map", () => {
    const journal = openJournal(file);
    journal.map<number>("a").set("one", 1);
    journal.map<number>("a").set("one", 2);
    journal.map<number>("a").set("gone", 3);
    journal.map<number>("a").delete("gone");
    journal.map<string>("b").set("one", "ä\n✓");
    journal.close();
    expect([held("a"), held("b"), held("c")]).toEqual([{ one: 2 }, { one: "ä\n✓" }, {}]);
  });

  test("without a file keeps its entries in memory until it ends", () => {
    const journal = openJournal(undefined);
    journal.map<number>("a").set("one", 1);
    expect(journal.map<number>("a").get("one")).toBe(1);
  });

  test.each([
    ["a line that is cut in the middle", '["a","two",{"x"'],
    ["a line that is cut within a character", Buffer.from('["a","two","ä').subarray(0, -1)],
    ["a line that is cut before its line feed", '["a","one",1]'],
  ])("drops %s at the end of the file, and appends after it", (_, torn) => {
    writeFileSync(file, '["a","one",1]\n');
    appendFileSync(file, torn);
    const journal = openJournal(file);
    journal.map<number>("a").set("three", 3);
    journal.close();
    expect(held("a")).toEqual({ one: 1, three: 3 });
  });

  test("reports the number of any other unreadable line and changes nothing", () => {
    writeFileSync(file, '["a","one",1]\n["a","tw\n["a","three",3]\n');
    expect(() => openJournal(file)).toThrow(`${file} is corrupt at line 2`);
    expect(readFileSync(file, "utf8")).toContain('["a","tw\n');
  });

  test("is rewritten without its dead entries when it is opened", () => {
    const journal = openJournal(file);
    for (let count = 0; count < 100; count++) journal.map<number>("a").set("one", count);
    journal.close();
    expect(held("a")).toEqual({ one: 99 });
    expect(readFileSync(file, "utf8")).toBe('["a","one",99]\n');
  });

  test("is rewritten without loss when it has grown much", () => {
    const journal = openJournal(file);
    const map = journal.map<string>("a");
    const long = "x".repeat(100_000);
    for (let count = 0; count < 1000; count++) map.set(String(count % 10), `${count}${long}`);
    journal.close();
    expect(statSync(file).size).toBeLessThan(40_000_000);
    expect(held("a")["9"]).toBe(`999${long}`);
  });

  test("loses no acknowledged entry if the process is killed", async () => {
    const module = fileURLToPath(new URL("../../../lib/local/machine/journal.ts", import.meta.url));
    const writer = `import { openJournal } from ${JSON.stringify(module)};
      const map = openJournal(${JSON.stringify(file)}).map("a");
      for (let count = 0; ; count++) {
        map.set(String(count), "x".repeat(count % 3000));
        await new Promise((resolve) => process.stdout.write(count + "\\n", resolve));
      }`;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", writer]);
    let output = "";
    child.stdout.on("data", (data) => {
      output += data;
      if (output.length > 20_000) child.kill("SIGKILL");
    });
    await once(child, "close");
    const acknowledged = output.split("\n").slice(0, -1);
    const entries = held("a");
    expect(acknowledged.length).toBeGreaterThan(1000);
    expect(acknowledged.filter((key) => entries[key] === undefined)).toEqual([]);
  });
});
