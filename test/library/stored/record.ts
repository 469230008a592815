/**
 * Records the data folder that the library of this version leaves when it is killed: books, members, and loans that were
 * returned, reminded of, declined, and lent, with a saga that waits for the return. experiments.test.ts changes the
 * library and continues with this folder:
 *
 *     npx tsx test/library/stored/record.ts       writes test/stored/library.tar.gz
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endAll, npmStart } from "../../e2e/npm-start.ts";
import { loanSeconds } from "../lib/loans/loan.ts";
import { libraryAt } from "./client.ts";

const play = async (url: string): Promise<void> => {
  const { post, eventually, lend, advance } = await libraryAt(url);
  await post("/members", { memberId: "ada", phone: "+441632960001" });
  await post("/members", { memberId: "bob", phone: "+441632960002" });
  await post("/books/emma/copies", { copies: 2 });
  await post("/books/persuasion/copies", { copies: 1 });

  await lend("reminded", "emma", "ada");
  await eventually("/sagas/loan-period/reminded", { status: "waiting" });
  await advance(loanSeconds);
  await eventually("/sagas/loan-period/reminded", { status: "compensated" });
  await lend("returned", "persuasion", "ada");
  await eventually("/sagas/loan-period/returned", { status: "waiting" });
  await post("/loans/returned/return");
  await eventually("/sagas/loan-period/returned", { status: "completed" });
  await eventually("/sagas/take-back/returned", { status: "completed" });
  await lend("declined", "unknown", "ada");
  await eventually("/loans/declined", { status: "declined" });
  await lend("lent", "emma", "bob");
  await eventually("/sagas/loan-period/lent", { status: "waiting" });
  await eventually("/loans/lent", { status: "lent" });
  await eventually("/books/emma", { copies: 2, available: 0 });
  await eventually("/books/persuasion", { copies: 1, available: 1 });
};

const folder = mkdtempSync(join(tmpdir(), "stored-"));
try {
  const args = ["--port", "0", "--data", join(folder, "data"), "--quiet"];
  const run = npmStart(args, {}, join(import.meta.dirname, ".."));
  await play(await run.ready);
  run.kill("SIGKILL");
  await run.ended;
  const file = join(import.meta.dirname, "../../stored/library.tar.gz");
  execFileSync("tar", ["-czf", file, "-C", folder, "--exclude", "data/lock", "data"]);
  process.stdout.write(`${file}\n`);
} finally {
  await endAll();
  rmSync(folder, { recursive: true, force: true });
}
