/** Each command prints one JSON document, which fits its schema in docs/json. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import * as z from "zod";
import { shapes } from "../../bin/command-line/shapes.ts";
import { root, run } from "./command-line.ts";

test.each(Object.entries(shapes))("docs/json has the schema of %s", async (name, shape) => {
  const schema = { title: `eventfold ${name} --json`, ...z.toJSONSchema(shape) };
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
    join(root, `docs/json/${name}.schema.json`),
    "npx vitest run test/bin/json.test.ts -u writes it",
  );
});

test("docs/json has no schema of a removed command", () => {
  const files = Object.keys(shapes).map((name) => `${name}.schema.json`);
  expect(readdirSync(join(root, "docs/json")).sort()).toEqual(files.sort());
});

const folder = mkdtempSync(join(tmpdir(), "json-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Answers a request to the operate function like a local cloud. */
const server = createServer((request, response) => {
  const endpoint = `http://${request.headers.host}`;
  const isQuestion = request.url === "/_local/resources";
  const body = isQuestion
    ? { endpoint, outputs: { OperateFunction: "operate" } }
    : { kind: "refused", because: "there is no saga a/1" };
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
});
beforeAll(() => new Promise<void>((done) => void server.listen(0, "127.0.0.1", done)));
afterAll(() => new Promise((done) => void server.close(done)));

const serverUrl = (): string => {
  const address = server.address();
  return typeof address === "object" ? `http://127.0.0.1:${address?.port}` : "";
};

const json = "--json";

/** The arguments of each command, its exit code, and the kind of its document. test/package runs synth. */
const lines = {
  "nothing found": ["document", () => [json, "--check"], 0, "checked"],
  "a file that is written": ["compat", () => [json, "--write", join(folder, "now.json")], 0, "written"],
  "a refusal": ["operate", () => [json, "parked", "--url", serverUrl()], 1, "refused"],
  "a broker that is missing": ["provision", () => [json, "--bus", "kafka"], 1, "error"],
  "a wrong value": ["provision", () => [json, "--bus", "pigeon"], 2, "error"],
  "a wrong port": ["start", () => ["--port", "x", json], 2, "error"],
  "a wrong option": ["synth", () => ["--quickly", json], 2, "error"],
  "a missing word": ["operate", () => [json], 2, "error"],
  "too many words": ["new", () => [json, "a", "b"], 2, "error"],
  "a wrong option of compat": ["compat", () => [json, "--agianst"], 2, "error"],
} as const satisfies Readonly<
  Record<string, readonly [keyof typeof shapes, () => readonly string[], number, string]>
>;

test.each(Object.entries(lines))(
  "%s: one document that fits its schema, and nothing else in stdout",
  async (_, [command, words, code, kind]) => {
    const ended = await run("bin/eventfold.ts", [command, ...words()]);
    const document = shapes[command].parse(JSON.parse(ended.stdout));
    expect({ code: ended.code, kind: document.kind }).toEqual({ code, kind });
    // The document has no fields that the schema does not have.
    expect(JSON.parse(ended.stdout)).toEqual(document);
  },
);

test("start prints its document once the API answers; the live log goes to stderr", async () => {
  const words = ["--import", "tsx", "bin/eventfold.ts", "start", json, "--port", "0"];
  // The context makes a second stack, which is not run.
  const env = { ...process.env, CDK_CONTEXT_JSON: JSON.stringify({ kafkaCluster: "create" }) };
  const running = spawn(process.execPath, [...words, "--data", join(folder, "data")], { cwd: root, env });
  const ended = new Promise((resolve) => running.once("close", resolve));
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    running[stream].setEncoding("utf8").on("data", (text) => {
      said[stream] += text;
    });
  try {
    await vi.waitUntil(() => said.stdout.endsWith("}\n"), { timeout: 50_000 });
    const document = shapes.start.parse(JSON.parse(said.stdout));
    if (document.kind !== "ready") throw new Error(document.message);
    const { url, memoryMegabytes, access, warnings } = document;
    expect(access).toEqual({ kind: "open" });
    expect(memoryMegabytes).toBeGreaterThan(20);
    expect(warnings).toEqual([expect.stringMatching(/^the stack \w+-kafka is not run here, only \w+ is$/)]);
    await fetch(`${url}/no/such/path`);
    await vi.waitUntil(() => said.stderr.includes("/no/such/path"), { timeout: 50_000 });
  } finally {
    running.kill("SIGTERM");
    await ended;
  }
  expect(() => JSON.parse(said.stdout)).not.toThrow();
});

test("npx eventfold runs here under plain node", () => {
  const given = spawnSync(process.execPath, ["bin/eventfold.mjs", "operate", "--help"], {
    cwd: root,
    encoding: "utf8",
  });
  expect([given.status, given.stderr]).toEqual([0, ""]);
  expect(given.stdout).toMatch(/^eventfold operate /);
});

test("eventfold has one help, and names a command that it does not have", async () => {
  const help = await run("bin/eventfold.ts", ["--help"]);
  for (const name of Object.keys(shapes)) expect(help.stdout).toMatch(new RegExp(`^ {2}${name} `, "m"));
  expect(help.code).toBe(0);
  const wrong = await run("bin/eventfold.ts", ["strat"]);
  const stderr = "there is no command strat; did you mean start?\n\neventfold --help lists the commands\n";
  expect(wrong).toEqual({ code: 2, stdout: "", stderr });
  const unlike = await run("bin/eventfold.ts", ["serve-it-all"]);
  expect(unlike.stderr).toMatch(/^there is no command serve-it-all\n/);
});
