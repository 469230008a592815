/** People outside a saga who answer the steps that wait for them: in time, too late, twice, or never. */
import { type AnyApplication, deciderOf } from "../../../lib/model/application.ts";
import { type Command, isReceipt, type RecordedEvent } from "../../../lib/model/message.ts";
import { command } from "../../../lib/model/reference.ts";
import { type AnySaga, commandsOf, type Step } from "../../../lib/model/saga.ts";
import type { Commit } from "../../../lib/ports/event-store.ts";
import { recordedEvents } from "../../../lib/runtime/streams/recorded.ts";
import type { World } from "../world.ts";
import { type Fault, isFromOutside } from "./dimensions.ts";
import { commandThatLeaves } from "./made-up.ts";
import { againSeconds, tooLateSeconds } from "./trouble.ts";

type Asked = Pick<AnyApplication, "name" | "deciders">;

/** The commands to the streams of this step that the saga itself does not send. */
const commandsOfOthers = (application: Asked, saga: AnySaga, { send }: Step<never>) => {
  const own = commandsOf(saga).map(({ type }) => type);
  const decider = deciderOf(application, send.command.category);
  return Object.keys(decider.commands)
    .filter((type) => !own.includes(type))
    .map((type) => command(decider, type));
};

export const answerSecondsOf = (how: Fault["how"] | undefined, timeoutSeconds: number): readonly number[] => {
  switch (how) {
    case "silent":
      return [];
    case "late":
      return [timeoutSeconds];
    case "too late":
      return [timeoutSeconds + tooLateSeconds];
    case "twice":
      return [againSeconds, 2 * againSeconds, timeoutSeconds + tooLateSeconds];
    default:
      return [againSeconds];
  }
};

export type PeopleOptions = {
  readonly application: Asked;
  readonly saga: AnySaga;
  readonly sagaId: string;
  readonly fault: Fault | undefined;
  readonly world: () => Pick<World, "time" | "send" | "store">;
};

/**
 * Their answer to a stream with this history. Undefined if another event came first, such as a cancellation by the
 * customer.
 */
export const answerOfPeople = (
  application: Asked,
  saga: AnySaga,
  step: Step<never>,
  how: Fault["how"] | undefined,
  history: readonly RecordedEvent[],
): Command | undefined => {
  const known = Object.assign({}, ...history.map(({ data }) => data));
  const candidates = commandsOfOthers(application, saga, step);
  try {
    const outcomes = how === "failed" ? step.fails : step.succeeds;
    return commandThatLeaves(application, candidates, outcomes, known, history);
  } catch {
    return undefined;
  }
};

/** Sends their answers after a commit. */
export const people = ({ application, saga, sagaId, fault, world }: PeopleOptions) => {
  return (commit: Commit) => {
    const step = saga.steps.find(({ name }) => commit.id.startsWith(`${sagaId}/${name}/`));
    if (!step || !isFromOutside(step) || recordedEvents(commit).every(isReceipt)) return;
    const how = fault?.task === step.name && fault.of === "answer" ? fault.how : undefined;
    const { time, send, store } = world();
    const commits = store.log().filter(({ streamId }) => streamId === commit.streamId);
    const answer = answerOfPeople(application, saga, step, how, commits.flatMap(recordedEvents));
    for (const seconds of answer ? answerSecondsOf(how, step.timeoutSeconds) : [])
      time.at(time.now() + seconds * 1000, () => {
        if (answer) send(answer).catch(() => undefined);
      });
  };
};
