/** People outside of a saga, who answer the steps that wait for them; or too late, or twice, or not at all. */
import { type Application, deciderOf } from "../../../lib/model/application.ts";
import { type Command, isReceipt } from "../../../lib/model/message.ts";
import { command } from "../../../lib/model/reference.ts";
import { type AnySaga, commandsOf, type Step } from "../../../lib/model/saga.ts";
import type { Commit } from "../../../lib/ports/event-store.ts";
import { recordedEvents } from "../../../lib/runtime/recorded.ts";
import type { World } from "../world.ts";
import { type Fault, isFromOutside } from "./dimensions.ts";
import { commandThatLeaves } from "./made-up.ts";
import { againSeconds, tooLateSeconds } from "./trouble.ts";

type Asked = Pick<Application<never>, "name" | "deciders">;

/** What only others than the saga send to the streams of this step. */
export const commandsOfOthers = (application: Asked, saga: AnySaga, { send }: Step<never>) => {
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

/** What they do when something is stored. */
export const people = ({ application, saga, sagaId, fault, world }: PeopleOptions) => {
  const answerTo = (step: Step<never>, commit: Commit): Command | undefined => {
    const history = world()
      .store.log()
      .filter(({ streamId }) => streamId === commit.streamId)
      .flatMap(recordedEvents);
    const isFailed = fault?.task === step.name && fault.of === "answer" && fault.how === "failed";
    const known = Object.assign({}, ...history.map(({ data }) => data));
    const candidates = commandsOfOthers(application, saga, step);
    try {
      return commandThatLeaves(
        application,
        candidates,
        isFailed ? step.fails : step.succeeds,
        known,
        history,
      );
    } catch {
      // Somebody else was faster, say the customer who cancels: nobody is asked any longer.
      return undefined;
    }
  };

  return (commit: Commit) => {
    const step = saga.steps.find(({ name }) => commit.id.startsWith(`${sagaId}/${name}/`));
    if (!step || !isFromOutside(step) || recordedEvents(commit).every(isReceipt)) return;
    const answer = answerTo(step, commit);
    const how = fault?.task === step.name && fault.of === "answer" ? fault.how : undefined;
    const { time, send } = world();
    for (const seconds of answer ? answerSecondsOf(how, step.timeoutSeconds) : [])
      time.at(time.now() + seconds * 1000, () => {
        if (answer) send(answer).catch(() => undefined);
      });
  };
};
