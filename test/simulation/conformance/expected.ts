/** Where a scenario must lead, by the definition of its saga alone; every engine is held to it. */
import type { Status } from "../../../lib/model/sagas/status.ts";
import type { Dimensions } from "./dimensions.ts";
import type { Scenario } from "./scenario.ts";

type KnownStatus = Status | { readonly kind: "none" };

/** Why the saga must have been parked, if it got that far: the task, and what its reason says. */
const barredBy = ({ fault, hindrance }: Scenario, end: Status["kind"]): string | undefined => {
  const barred = end === "compensated" ? hindrance : fault?.task === "complete" ? fault : undefined;
  if (barred?.how === "refused") return `${barred.task} rejected`;
  return end === "compensated" && barred?.how === "silent" ? `${barred.task} timed-out` : undefined;
};

const parkedBy = (before: KnownStatus): string | undefined =>
  before.kind === "parked" ? `${before.reason.step} ${before.reason.kind}` : undefined;

/** What is otherwise; a customer who cancels turns a saga back anywhere, and decides how much there is to undo. */
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
