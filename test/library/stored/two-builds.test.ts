/**
 * Two builds of the library in one local cloud with one event table, as during a deployment: functions of the earlier build
 * meet events of the later one. They wait ten minutes for newer code, then they give up. The later build continues with the
 * folder. In a rollback, the whole earlier build runs on the folder in between.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type LocalCloud, localCloud } from "../../../lib/local/local-cloud.ts";
import { loanSeconds } from "../lib/loans/loan.ts";
import { type Library, libraryAt } from "./client.ts";
import { effectOnReturn, newEvents } from "./edits.ts";
import { built, replaceFunctions } from "./two-builds.ts";

type Build = ReturnType<typeof built>;

const builds: Build[] = [];
const build = (...edits: Parameters<typeof built>): Build => {
  const made = built(...edits);
  builds.push(made);
  return made;
};

let newer = "";
let earlier = "";
/** The newer build with the command function and the projector of the earlier one. */
let halfDeployed = "";

beforeAll(() => {
  const edits = [...effectOnReturn, ...newEvents];
  earlier = build(effectOnReturn).assembly;
  newer = build(edits).assembly;
  halfDeployed = mixed(edits, ["AppCommand", "AppStreamProject"], earlier);
}, 600_000);

const data = mkdtempSync(join(tmpdir(), "two-builds-"));
const running: LocalCloud[] = [];

const stopAll = async () => {
  for (const cloud of running.splice(0)) await cloud.stop();
};

afterEach(stopAll);
afterAll(() => {
  for (const { done } of builds) done();
  rmSync(data, { recursive: true, force: true });
});

type Started = Library & {
  /** Waits until the live log has a line with all of these texts. */
  readonly logged: (...texts: readonly string[]) => Promise<void>;
};

const start = async (assembly: string, folder: string): Promise<Started> => {
  const lines: string[] = [];
  const cloud = await localCloud({
    assembly,
    data: join(data, folder),
    port: 0,
    report: ({ message }) => void lines.push(message),
  });
  running.push(cloud);
  const logged = (...texts: readonly string[]) =>
    expect
      .poll(() => lines.some((line) => texts.every((text) => line.includes(text))), {
        timeout: 300_000,
        message: texts.join(" … "),
      })
      .toBe(true);
  return { ...(await libraryAt(cloud.url)), logged };
};

/** A build in which some functions are those of the other build. */
const mixed = (edits: Parameters<typeof built>[0], functions: readonly string[], other: string): string => {
  const { assembly } = build(edits);
  replaceFunctions(assembly, functions, other);
  return assembly;
};

const lends = async ({ post, lend }: Library) => {
  expect(await post("/members", { memberId: "ada", phone: "+441632960001" })).toBe(202);
  expect(await post("/books/emma/copies", { copies: 1 })).toBe(202);
  expect(await lend("1", "emma", "ada")).toBe(202);
};

const newerCode = "newer code has recorded it";
const tenMinutes = 600;

const parkedIn = async ({ owner }: Library) => {
  const { streams } = await owner.operate({ action: "parked" });
  return [streams].flat().map((each) => `${Object(each).consumer} ${Object(each).streamId}`);
};

/** The rows of the loan are built from its stream again. */
const redrives = async ({ owner }: Library) => {
  for (const projection of ["loan-status", "loans-per-day"])
    expect(await owner.operate({ action: "redrive", projection, streamId: "loan-1" })).toEqual({
      kind: "redriven",
    });
};

const deadIn = async ({ owner }: Library, handler: string) => {
  const { letters } = await owner.operate({ action: "dead-letters", handler });
  return [letters].flat().map((each) => Object(each).because);
};

test("an earlier command function and projector wait for newer code, then refuse and park", async () => {
  const library = await start(halfDeployed, "command");
  await lends(library);
  await library.eventually("/sagas/lending/1", { status: "completed" });
  await library.logged("loan-status", newerCode);
  const answer = await library.answerTo("/loans/1/return");
  expect(answer).toMatchObject({ status: 503, retryAfter: expect.stringMatching(/^\d+$/) });
  expect(await parkedIn(library)).toEqual([]);
  expect(await library.get("/loans/1")).toMatchObject({ status: "requested" });

  await library.advance(tenMinutes);
  await expect.poll(() => parkedIn(library), { timeout: 300_000 }).toContain("loan-status loan-1");
  expect(await library.answerTo("/loans/1/return")).toMatchObject({ status: 500 });
  await stopAll();

  const later = await start(newer, "command");
  await redrives(later);
  await later.eventually("/loans/1", { status: "lent" });
  expect(await later.post("/loans/1/return")).toBe(202);
  await later.eventually("/loans/1", { status: "returned" });
  await later.eventually("/sagas/loan-period/1", { status: "completed" });
});

test("earlier effects and sagas wait for newer code, then make dead letters that are redriven", async () => {
  const library = await start(mixed(effectOnReturn, ["AppCommand", "AppStream"], newer), "handlers");
  await lends(library);
  await library.eventually("/loans/1", { status: "lent" });
  // The newer relay publishes LoanConfirmed in its newer shape, which the earlier saga cannot read.
  expect(await library.post("/loans/1/return")).toBe(202);
  await library.eventually("/loans/1", { status: "returned" });
  const handlers = ["send-reminder", "take-back", "loan-period"];
  for (const handler of handlers) await library.logged(handler, newerCode);
  for (const handler of handlers) expect(await deadIn(library, handler)).toEqual([]);

  await library.advance(tenMinutes);
  for (const handler of handlers)
    await expect
      .poll(() => deadIn(library, handler), { timeout: 300_000 })
      .toContainEqual(expect.stringContaining(newerCode));
  expect(await library.owner.items("sms")).toEqual([]);
  await stopAll();

  const later = await start(newer, "handlers");
  for (const handler of handlers) await later.owner.operate({ action: "redrive-handler", handler });
  await later.eventually("/sagas/loan-period/1", { status: "completed" });
  await later.eventually("/sagas/take-back/1", { status: "completed" });
  await expect.poll(() => later.owner.items("sms"), { timeout: 300_000 }).toHaveLength(1);
});

test("a deployment that is rolled back: the earlier build waits, then refuses and parks, and the newer one continues", async () => {
  const deploying = await start(halfDeployed, "back");
  await lends(deploying);
  await deploying.eventually("/sagas/loan-period/1", { status: "waiting" });
  await stopAll();

  const library = await start(earlier, "back");
  await library.logged("loan-status", newerCode);
  const answer = await library.answerTo("/loans/1/return");
  expect(answer).toMatchObject({ status: 503, retryAfter: expect.stringMatching(/^\d+$/) });
  expect(await parkedIn(library)).toEqual([]);
  await library.advance(tenMinutes);
  await expect.poll(() => parkedIn(library), { timeout: 300_000 }).toContain("loan-status loan-1");
  expect(await library.answerTo("/loans/1/return")).toMatchObject({ status: 500 });
  // The saga that waits for the return times out. Its task and the end of its execution cannot read its history.
  await library.advance(loanSeconds);
  // An event that was not acknowledged before the stop may be delivered again, and is a dead letter as well.
  await expect.poll(() => deadIn(library, "loan-period"), { timeout: 300_000 }).not.toHaveLength(0);
  await library.eventually("/sagas/loan-period/1", { status: "parked", reasonCode: "cannot-be-read" });
  await stopAll();

  const later = await start(newer, "back");
  await redrives(later);
  await later.eventually("/loans/1", { status: "lent" });
  await later.owner.operate({ action: "redrive-handler", handler: "loan-period" });
  await later.eventually("/sagas/loan-period/1", { status: "parked", reasonCode: "execution-failed" });
  expect(await later.post("/sagas/loan-period/1/resume", { action: "retry" })).toBe(202);
  await later.eventually("/sagas/loan-period/1", { status: "waiting" });
  expect(await later.post("/loans/1/return")).toBe(202);
  await later.eventually("/loans/1", { status: "returned" });
  await later.eventually("/sagas/loan-period/1", { status: "completed" });
});
