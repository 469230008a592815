/** Why a saga turned back, in a word that fits into an event. */
import type { Reason } from "../model/saga.ts";

export const codeOf = (reason: Reason): string => {
  switch (reason.kind) {
    case "rejected":
      return reason.code;
    case "failed":
      return reason.event;
    case "timed-out":
      return `timed-out:${reason.step}`;
  }
};
