/** What `start --fresh` deletes, and its question before that. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { consent } from "../../bin/command-line/confirm.ts";
import { deletedBy, emptiesBroker } from "../../bin/local/fresh.ts";
import { run } from "./command-line.ts";

const folder = mkdtempSync(join(tmpdir(), "fresh-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const dataWith = (name: string, ...files: readonly string[]): string => {
  const data = join(folder, name);
  mkdirSync(data);
  for (const file of files) writeFileSync(join(data, file), "");
  return data;
};

test("a folder that is missing or empty, or that only an ended instance locked, has nothing to delete", () => {
  expect(deletedBy({ fresh: true, data: join(folder, "missing") })).toEqual([]);
  expect(deletedBy({ fresh: true, data: dataWith("empty") })).toEqual([]);
  expect(deletedBy({ fresh: true, data: dataWith("locked", "lock") })).toEqual([]);
});

test("data of an earlier run is deleted only with --fresh", () => {
  const data = dataWith("earlier", "journal.jsonl");
  expect(deletedBy({ fresh: true, data })).toEqual([`the data in ${data}`]);
  expect(deletedBy({ fresh: false, data })).toEqual([]);
});

test("a folder with other files is refused before any question", () => {
  const data = dataWith("foreign", "thesis.txt");
  expect(() => deletedBy({ fresh: true, data })).toThrow("thesis.txt in it is not a file of the local cloud");
});

test.each([
  ["127.0.0.1:9092", true],
  ["kafka.example.com:9092", false],
])("a broker at %s is emptied: %s", (brokers, emptied) => {
  vi.stubEnv("KAFKA_BROKERS", brokers);
  expect(emptiesBroker({ fresh: true, bus: "kafka" })).toBe(emptied);
  expect(emptiesBroker({ fresh: false, bus: "kafka" })).toBe(false);
  const deleted = deletedBy({ fresh: true, data: join(folder, "missing"), bus: "kafka" });
  expect(deleted).toEqual(emptied ? ["the events that kafka on this machine holds"] : []);
});

test.each([
  ["y", "given"],
  ["YES\n", "given"],
  ["", "refused"],
  ["yesterday", "refused"],
])("on a terminal it asks, and %j means: %s", async (answer, expected) => {
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question);
    return answer;
  };
  expect(await consent({ deletes: ["a", "b"], yes: false }, ask)).toBe(expected);
  expect(asked).toEqual(["this deletes a and b. Continue? [y/N] "]);
});

test("it does not ask if nothing is deleted, or with --yes", async () => {
  const ask = () => Promise.reject(new Error("it asked"));
  expect(await consent({ deletes: [], yes: false }, ask)).toBe("given");
  expect(await consent({ deletes: ["a"], yes: true }, ask)).toBe("given");
});

test("without a terminal and --yes the exit code is 2, and nothing was changed", async () => {
  const data = dataWith("kept", "journal.jsonl");
  const { code, stdout, stderr } = await run("bin/local.ts", ["--fresh", "--data", data, "--json"]);
  const message = `this deletes the data in ${data}: add --yes to agree; nothing was changed`;
  expect({ code, ...JSON.parse(stdout) }).toEqual({ code: 2, kind: "error", message });
  expect(stderr).toContain(message);
  expect(existsSync(join(data, "journal.jsonl"))).toBe(true);
});
