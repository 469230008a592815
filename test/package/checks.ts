/** What works outside this repository, on one version of Node. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod";
import { application as ours } from "#application";
import { shapes } from "../../bin/command-line/shapes.ts";

type Place = { readonly folder: string; readonly node: string };

const command = "node_modules/eventfold/bin/eventfold.js";

/** Names in this repository's application that no other code contains by chance. */
const ourNames: readonly string[] = [
  ...ours.deciders.flatMap(({ commands, events }) => [...Object.keys(commands), ...Object.keys(events)]),
  ...[ours.projections, ours.effects, ours.translators ?? []].flat().map(({ name }) => name),
];

const bundlesIn = (assembly: string): readonly string[] =>
  readdirSync(assembly, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".mjs"))
    .map((file) => readFileSync(join(assembly, file), "utf8"));

/** The modules that a program imports by name, without a folder in front. */
export const everyModuleLoads = ({ folder, node }: Place): void => {
  const manifest = readFileSync(join(folder, "node_modules/eventfold/package.json"), "utf8");
  const { exports } = z.object({ exports: z.record(z.string(), z.unknown()) }).parse(JSON.parse(manifest));
  const names = Object.keys(exports).filter((name) => !name.includes("*") && !name.endsWith(".json"));
  const imports = names.map((name) => `await import("eventfold${name.slice(1)}");`).join("\n");
  execFileSync(node, ["--input-type=module", "--eval", imports], { cwd: folder });
};

/** Less than the size of a function that has everything that the package's main module exports. */
const bundleBytesMax = 500 * 1024;

/** Synthesizes the application. Checks that its functions contain no code of our application and no unused code. */
export const synthesizesWithoutOurs = ({ folder, node }: Place): void => {
  const words = [command, "synth", "--json", "--output", "cdk.out"];
  const stdout = execFileSync(node, words, { cwd: folder, encoding: "utf8" });
  const result = shapes.synth.parse(JSON.parse(stdout));
  if (result.kind !== "synthesized") throw new Error(result.message);
  const bundles = bundlesIn(join(folder, "cdk.out"));
  // The search finds the name in the consumer, so it would also find ours.
  if (!bundles.some((text) => text.includes("ParcelSent")))
    throw new Error("expected a bundle with the application, found none");
  const found = ourNames.filter((name) => bundles.some((text) => text.includes(name)));
  if (found.length > 0)
    throw new Error(`bundles have names of the application in this repository: ${found.join(", ")}`);
  const largest = Math.max(...bundles.map((text) => Buffer.byteLength(text)));
  if (largest > bundleBytesMax)
    throw new Error(`a bundle has ${largest} bytes: expected at most ${bundleBytesMax}`);
};

/** The client of a broker is not installed: it is an optional peer dependency, and so far no module has loaded it. */
export const namesAMissingPeer = ({ folder, node }: Place): void => {
  const context = ["-c", "bus=kafka", "-c", "kafka=127.0.0.1:9092"];
  const words = [command, "synth", "--json", "--output", "cdk.out", ...context];
  const { status, stdout } = spawnSync(node, words, { cwd: folder, encoding: "utf8" });
  const document = shapes.synth.parse(JSON.parse(stdout));
  if (status !== 1 || document.kind !== "error" || !document.message.includes("npm install kafkajs"))
    throw new Error(
      `synth without kafkajs: expected exit code 1 and what to install, got ${status}: ${stdout}`,
    );
};

const post = (url: string) =>
  fetch(`${url}/parcels`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": "1" },
    body: JSON.stringify({ parcelId: "1", to: "ada@example.com" }),
  });

/** Runs the stack and sends one command. */
export const answersARequest = async ({ folder, node }: Place): Promise<void> => {
  const words = [command, "start", "--json", "--quiet", "--port", "0", "--data", `data-${process.pid}`];
  const running = spawn(node, [...words, "--fresh", "--yes"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve) => running.once("close", resolve));
  let text = "";
  try {
    for await (const line of createInterface(running.stdout)) {
      text += line;
      if (line === "}") break;
    }
    const ready = shapes.start.parse(JSON.parse(text));
    if (ready.kind !== "ready") throw new Error(ready.message);
    const { status } = await post(ready.url);
    if (status !== 202) throw new Error(`POST /parcels: expected 202, got ${status}`);
  } finally {
    running.kill("SIGTERM");
    await ended;
  }
};
