/** Rows of one batch: a slow row delays the answer to the batch, and no other row. */
import { expect, test } from "vitest";
import { approvedLibrary } from "../../../library/fixtures/approved-loans.ts";
import { recorded } from "../../../model/recorded.ts";
import { deliveryOf } from "../../deliveries.ts";
import { rowLending } from "./loans.ts";
import { rowWorld } from "./row-world.ts";

const startOf = (loanId: string) => {
  const data = { loanId, bookId: "emma", memberId: "ada" };
  return recorded(`loan-${loanId}`, { type: "LoanRequested", data });
};

test("a slow row delays no other row of its batch, only the answer", async () => {
  const starts = ["1", "2", "3"].map(startOf);
  const world = await rowWorld(rowLending, approvedLibrary, { stored: starts });
  const typesOf = async (id: string) =>
    (await world.instances.read(`lending/${id}`)).history.map(({ type }) => type);
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  world.during.send = async ({ streamId }) => {
    if (streamId === "loan-1") await released;
  };
  let isAnswered = false;
  const answer = world.react(starts.map((event) => deliveryOf(event))).finally(() => {
    isAnswered = true;
  });
  const whole = ["LoanRequested", "BookHeld", "LibrarianAsked"];
  for (const id of ["2", "3"]) await expect.poll(() => typesOf(id)).toEqual(whole);
  expect(await typesOf("1")).toEqual(["LoanRequested"]);
  expect(isAnswered).toBe(false);
  release();
  expect(await answer).toEqual([]);
  expect(await typesOf("1")).toEqual(whole);
});
