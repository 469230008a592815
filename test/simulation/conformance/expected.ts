/** The end of a scenario, derived only from the definition of its saga. Every engine must reach it. */
import type { Position } from "../../../lib/model/sagas/position.ts";
import type { Dimensions } from "./dimensions.ts";
import type { Scenario } from "./scenario.ts";

type KnownStatus = Position["status"] | { readonly kind: "none" };

/** The reason for which the saga must have been parked, if it got that far: the task and the kind of reason. */
const barredBy = ({ fault, hindrance }: Scenario, end: Position["status"]["kind"]): string | undefined => {
  const barred = end === "compensated" ? hindrance : fault?.task === "complete" ? fault : undefined;
  if (barred?.how === "refused") return `${barred.task} rejected`;
  return end === "compensated" && barred?.how === "silent" ? `${barred.task} timed-out` : undefined;
};

const parkedBy = (before: KnownStatus): string | undefined =>
  before.kind === "parked" ? `${before.reason.step} ${before.reason.kind}` : undefined;

/**
 * The differences from the expected end. A customer who cancels can make the saga compensate at any step, so it is
 * open which steps need an undo.
 */
export const deviations = (
  scenario: Scenario,
  { turnsBack }: Dimensions,
  before: KnownStatus,
  end: "completed" | "compensated",
  isCancelled: boolean,
): readonly string[] => {
  const { fault, cancelAfter } = scenario;
  const turns = isCancelled ? "surely" : fault ? turnsBack(fault) : "never";
  const ends = { surely: ["compensated"], perhaps: ["completed", "compensated"], never: ["completed"] }[
    turns
  ];
  const [barred, parked] = [barredBy(scenario, end), parkedBy(before)];
  const isAsBarred = parked === barred || (parked === undefined && cancelAfter !== undefined);
  return [
    ...(ends.includes(end) ? [] : [`is ${end}, not ${ends.join(" or ")}`]),
    ...(isAsBarred ? [] : [`was parked by ${parked}, not by ${barred}`]),
  ];
};
