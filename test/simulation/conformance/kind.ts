/** Instances of a saga that run the same steps are of the same kind. */
import { deciderOf } from "../../../lib/model/application.ts";
import { decide } from "../../../lib/model/decider.ts";
import type { Command, RecordedEvent } from "../../../lib/model/message.ts";
import { categoryOf } from "../../../lib/model/stream.ts";
import { type Dimensions, dimensionsOf } from "./dimensions.ts";
import { stateAfter } from "./made-up.ts";
import type { Subject } from "./subject.ts";

export type Kind = { readonly subject: Subject; readonly dimensions: Dimensions };

/** The events of a stream after one more command. */
const after = (
  { application }: Subject,
  history: readonly RecordedEvent[],
  { streamId, type, data }: Command,
): readonly RecordedEvent[] => {
  const decider = deciderOf(application, categoryOf(streamId));
  const decision = decide(decider, { type, data }, stateAfter(decider, history), { now: new Date(0) });
  if ("rejected" in decision) throw new Error(`${type} is rejected: ${decision.because}`);
  const ids = { streamId, version: 1, commandId: "1", causationId: "1", correlationId: "1" };
  const metadata = { ...ids, id: `${streamId}@1`, recordedAt: new Date(0).toISOString() };
  return history.concat(decision.map((event) => ({ ...event, metadata })));
};

/** The event that starts the saga. */
const startOf = (subject: Subject): RecordedEvent => {
  const { before, start } = subject;
  const commands = [...before.filter(({ streamId }) => streamId === start.streamId), start];
  let history: readonly RecordedEvent[] = [];
  for (const command of commands) history = after(subject, history, command);
  const event = history.at(-1);
  if (!event) throw new Error(`${start.type} emits no event, so it does not start the saga`);
  return event;
};

/** One kind for all subjects that run the same steps. */
export const kindsOf = (subjects: readonly Subject[]): readonly Kind[] => {
  const kinds = subjects.map((subject) => {
    const dimensions = dimensionsOf(subject.application, subject.saga, startOf(subject));
    return { subject, dimensions };
  });
  const nameOf = ({ subject, dimensions }: Kind) => `${subject.saga.name} without ${dimensions.skips}`;
  return kinds.filter((kind, index) => kinds.findIndex((each) => nameOf(each) === nameOf(kind)) === index);
};
