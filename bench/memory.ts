/**
 * Whether the memory of a running instance is bounded: five replays with five prefixes. After each, prints the memory
 * of the process and its children, and the size of the files of the engine and the journal. Memory is PSS, which counts
 * shared pages once. All arguments go to the replay, such as `--orders FILE`.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const runs = ["a", "b", "c", "d", "e"];
const root = join(import.meta.dirname, "..");
const data = mkdtempSync(join(tmpdir(), "memory-"));
const node = (script: string, ...given: readonly string[]) => [
  "--import",
  "tsx",
  join(root, script),
  ...given,
];

const running = spawn(process.execPath, node("bin/local.ts", "--port", "0", "--data", data, "--quiet"), {
  cwd: root,
  stdio: ["ignore", "pipe", "inherit"],
});

const url = await new Promise<string>((resolve, reject) => {
  running.stdout.on("data", (text: Buffer) => {
    const [, found] = /ready (\S+)/.exec(text.toString()) ?? [];
    if (found) resolve(found);
  });
  running.on("exit", (code) => reject(new Error(`it ended with ${code}`)));
});

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(0).padStart(8);

/** A process and all its descendants. */
const familyOf = (pid: string): readonly string[] => [
  pid,
  ...readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).flatMap(familyOf),
  ),
];

const shareBytes = (pid: string): number => {
  const [, kilobytes = "0"] =
    /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8")) ?? [];
  return Number(kilobytes) * 1024;
};

const residentBytes = (): number => familyOf(`${running.pid}`).reduce((sum, pid) => sum + shareBytes(pid), 0);

process.stdout.write("run  memory MB  journal MB  tables MB  orders per second\n");
for (const prefix of runs) {
  const given = ["--url", url, "--prefix", prefix, "--stock-times", "40", ...process.argv.slice(2)];
  const { stdout, status } = spawnSync(process.execPath, node("bin/shop/replay.ts", ...given), { cwd: root });
  const [, rate = "?"] = /orders per second\s+(\S+)/.exec(stdout.toString()) ?? [];
  const sizes = ["journal.jsonl", "dynamodb.sqlite"].map((file) =>
    megabytes(statSync(join(data, file)).size),
  );
  process.stdout.write(`${prefix}    ${megabytes(residentBytes())}     ${sizes.join("   ")}   ${rate}`);
  process.stdout.write(status === 0 ? "\n" : ` replay ended with ${status}\n`);
}
running.removeAllListeners("exit");
running.kill();
await new Promise((resolve) => running.once("exit", resolve));
rmSync(data, { recursive: true, force: true });
