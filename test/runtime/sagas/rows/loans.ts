/** Loans whose saga has each kind of task: one before the pivot, a wait for a person, and one after the pivot. */
import type { RecordedEvent } from "../../../../lib/model/message.ts";
import { approvedLending, approvedLibrary } from "../../../library/fixtures/approved-loans.ts";
import { loanId, outside, own, start } from "../../../library/fixtures/loan-history.ts";
import { rowWorld } from "./row-world.ts";

/** Only the approval waits for another party. */
export const rowLending: typeof approvedLending = {
  ...approvedLending,
  steps: approvedLending.steps.map((step) => (step.name === "approval" ? step : { ...step, waits: false })),
};

export const held = own(2, "BookHeld", "hold");
export const asked = own(3, "LibrarianAsked", "approval");
export const approved = outside(4, "Approved");
export const refused = outside(4, "Refused");

/** The loan with these events in its stream, and the history that the instance has of them. */
export const loanWorld = async (stored: readonly RecordedEvent[], history: readonly RecordedEvent[] = []) => {
  const world = await rowWorld(rowLending, approvedLibrary, { stored, history });
  return { ...world, stream: () => world.types(loanId) };
};

export { start };

/** Fails the commands whose ids contain this. */
export const failing = (part: string) => async (command: { readonly metadata: { readonly id: string } }) => {
  if (command.metadata.id.includes(part)) throw new Error("out of reach");
};
