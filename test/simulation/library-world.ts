/** The library with one loan that a librarian approves, and the commands that people send. */
import { command } from "../../lib/model/reference.ts";
import { approvedLending, approvedLibrary, approvedLoan } from "../library/fixtures/approved-loans.ts";
import type { Delivery } from "./delivery.ts";
import type { MakeEngine } from "./engines.ts";
import { world } from "./world.ts";

/** A command for the only loan. */
const request = (type: keyof typeof approvedLoan.commands) =>
  type === "RequestLoan"
    ? command(approvedLoan, type)({ loanId: "1", bookId: "emma", memberId: "ada" })
    : command(approvedLoan, type)({ loanId: "1" });

export const libraryWorld = (makeEngine: MakeEngine, delivery: Delivery) => {
  const fixture = world(approvedLibrary, {}, makeEngine, delivery);

  /** Sends these commands in order, then lets ten minutes pass. */
  const ask = async (...types: readonly Parameters<typeof request>[0][]) => {
    for (const type of types) await fixture.request(request(type));
    await fixture.pass(600);
  };
  const resume = async (how: "retry" | "skip") => {
    const result = await fixture.operate({ action: "resume", sagaId: "lending/1", how });
    await fixture.pass(600);
    return result;
  };
  const count = async (...types: readonly string[]) =>
    (await fixture.events("loan-1")).filter(({ type }) => types.includes(type)).length;
  return { ...fixture, ask, resume, count, status: () => fixture.statusOf(approvedLending, "1") };
};

export type Library = ReturnType<typeof libraryWorld>;
