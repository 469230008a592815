/** What a person should know about a stack that is synthesized for a deployment. Each notice is one line. */

import { callersText } from "../../compile/openapi/owners.ts";
import { toConfirm } from "../../constructs/alarms/receiver.ts";
import { countsAs, type Guard } from "../../constructs/http-api/guard.ts";
import type { Route } from "../../model/http/route.ts";
import type { Choices } from "./context.ts";

const alarmNotices = ({ alarms }: Pick<Choices, "alarms">): readonly string[] => {
  if (alarms === undefined)
    return ["warning: no alarm is sent to anyone; add -c alarms=EMAIL or -c alarms=ARN of a topic of SNS"];
  return alarms.kind === "email" ? [`alarms: ${toConfirm(alarms.address)}`] : [];
};

const callerNotices = (guard: Guard, routes: readonly Route[]): readonly string[] => {
  const text = callersText(routes, guard.kind, countsAs(guard));
  return text === undefined ? [] : [`callers: ${text}`];
};

/** The notices for these choices of an application with these routes. */
export const noticesFor = (
  { guard, alarms }: Pick<Choices, "alarms"> & { readonly guard: Guard },
  routes: readonly Route[],
): readonly string[] => [...alarmNotices({ alarms }), ...callerNotices(guard, routes)];
