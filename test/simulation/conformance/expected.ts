/** Where a scenario must lead, by the definition of its saga alone; every engine is held to it. */
import type { Status } from "../../../lib/model/status.ts";
import type { Dimensions } from "./dimensions.ts";
import type { Scenario } from "./scenario.ts";

type Stand = Status | { readonly kind: "none" };

/** The task that must have parked the saga, if it got there. */
const barredBy = ({ fault, hindrance }: Scenario, end: Status["kind"]): string | undefined => {
  if (end === "compensated") return hindrance?.how === "faults once" ? undefined : hindrance?.task;
  return fault?.task === "complete" && fault.how === "refused" ? "complete" : undefined;
};

/** What is otherwise; a customer who cancels turns a saga back anywhere, and decides how much there is to undo. */
export const deviations = (
  scenario: Scenario,
  { turnsBack }: Dimensions,
  before: Stand,
  end: "completed" | "compensated",
  isCancelled: boolean,
): readonly string[] => {
  const { fault, cancelAfter } = scenario;
  const turns = isCancelled ? "surely" : fault ? turnsBack(fault) : "never";
  const ends = { surely: ["compensated"], perhaps: ["completed", "compensated"], never: ["completed"] }[
    turns
  ];
  const barred = barredBy(scenario, end);
  const parked = before.kind === "parked" ? before.step : undefined;
  const isAsBarred = parked === barred || (parked === undefined && cancelAfter !== undefined);
  return [
    ...(ends.includes(end) ? [] : [`is ${end}, not ${ends.join(" or ")}`]),
    ...(isAsBarred ? [] : [`was parked at ${parked}, not at ${barred}`]),
  ];
};
