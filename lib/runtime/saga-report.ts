/** Where an instance of a saga stands, as clients and operators see it: the same for every engine. */
import { instanceIn } from "../model/instance.ts";
import { answeredBy, type RecordedEvent } from "../model/message.ts";
import type { AnySaga } from "../model/saga.ts";
import { type Status, status } from "../model/status.ts";
import type { InstanceItem } from "../ports/instances.ts";
import { wordsOf } from "./settle.ts";

/** The ids of a saga's commands begin with its instance and the step. */
const stepOf = (sagaId: string, event: RecordedEvent): string | undefined => {
  const commandId = answeredBy(event);
  return commandId.startsWith(`${sagaId}/`) ? commandId.slice(sagaId.length + 1).split("/")[0] : undefined;
};

const isOver = ({ kind }: Status): boolean => kind === "completed" || kind === "compensated";

/** Nothing where no start is noted. An execution that ended without an end of the saga is what is shown first. */
export const sagaReport = (saga: AnySaga, { id, notes, parked: ended }: InstanceItem) => {
  const instance = instanceIn(saga, id, notes);
  if (!instance) return undefined;
  const stands = status(instance, notes);
  const parked = isOver(stands) ? undefined : ended;
  return {
    status: parked ? "parked" : stands.kind,
    step: "step" in stands ? stands.step : undefined,
    since: parked?.at ?? stands.since,
    reason: parked?.because ?? ("reason" in stands ? wordsOf(stands.reason) : undefined),
    parked,
    correlationId: instance.start.metadata.correlationId,
    events: notes.map((event) => {
      const { id: eventId, recordedAt, commandId } = event.metadata;
      return { type: event.type, id: eventId, recordedAt, commandId, step: stepOf(id, event) };
    }),
  };
};
