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

/** Longer timeouts, because faults may last longer than a minute: each fault costs one delivery of the message. */
const patientLending = {
  ...approvedLending,
  steps: approvedLending.steps.map((step) => ({
    ...step,
    timeoutSeconds: Math.max(step.timeoutSeconds, 900),
  })),
};

export const libraryWorld = (makeEngine: MakeEngine, delivery: Delivery) => {
  const fixture = world({ ...approvedLibrary, sagas: [patientLending] }, {}, makeEngine, delivery);

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
  return { ...fixture, ask, resume, count, status: () => fixture.statusOf(patientLending, "1") };
};

export type Library = ReturnType<typeof libraryWorld>;
