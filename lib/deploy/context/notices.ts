/** What a person should know about a stack that is synthesized for a deployment. Each notice is one line. */
import { toConfirm } from "../../constructs/alarms/receiver.ts";
import type { Choices } from "./context.ts";

/** The notices for these choices. */
export const noticesFor = ({ alarms }: Pick<Choices, "alarms">): readonly string[] => {
  if (alarms === undefined)
    return ["warning: no alarm is sent to anyone; add -c alarms=EMAIL or -c alarms=ARN of a topic of SNS"];
  return alarms.kind === "email" ? [`alarms: ${toConfirm(alarms.address)}`] : [];
};
