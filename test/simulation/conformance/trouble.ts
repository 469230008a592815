/** Puts the faults of a scenario between the senders of commands and the streams that get them. */
import type { AnyDecider } from "../../../lib/model/decider.ts";
import { reject } from "../../../lib/model/decider.ts";
import type { SentCommand } from "../../../lib/model/message.ts";
import type { Answer } from "../../../lib/runtime/streams/answer.ts";
import type { HandleCommand } from "../../../lib/runtime/streams/handle-command.ts";
import type { Between } from "../between.ts";
import type { Timeline } from "../timeline.ts";
import type { Fault, Hindrance } from "./dimensions.ts";

export type Trouble = { readonly fault?: Fault; readonly hindrance?: Hindrance };

export type TroubleOptions = Trouble & {
  readonly sagaId: string;
  /** The timeout of the faulty step. */
  readonly timeoutSeconds: number;
  /** The types of the commands that answer the step. */
  readonly answers: readonly string[];
  readonly time: () => Timeline;
};

/** How long after the timeout a command is too late, and how long after the first arrival it arrives again. */
export const tooLateSeconds = 600;
export const againSeconds = 5;

const refusing = (decider: AnyDecider): AnyDecider => ({
  ...decider,
  decide: Object.fromEntries(
    Object.keys(decider.decide).map((type) => [type, () => reject("barred", "the way is barred")]),
  ),
});

export const troubleBetween = (options: TroubleOptions) => {
  const { fault, hindrance, sagaId, timeoutSeconds, answers } = options;
  const seen = new Set<string>();
  const arrivesAt = new Map<string, number>();
  let unheard: readonly (() => Promise<Answer>)[] = [];
  let isClear = false;

  const isOf = (task: string, { metadata }: SentCommand) => metadata.id.startsWith(`${sagaId}/${task}/`);
  const isAnswer = ({ type, metadata }: SentCommand) =>
    metadata.sagaId === sagaId && !metadata.id.startsWith(`${sagaId}/`) && answers.includes(type);

  const howOf = (command: SentCommand): Fault["how"] | Hindrance["how"] | undefined => {
    if (isClear) return undefined;
    if (hindrance && isOf(hindrance.task, command)) return hindrance.how;
    if (!fault) return undefined;
    const isHit = fault.of === "command" ? isOf(fault.task, command) : isAnswer(command);
    return isHit ? fault.how : undefined;
  };

  const isNew = (id: string): boolean => {
    const isFirst = !seen.has(id);
    seen.add(id);
    return isFirst;
  };

  /** Handles a copy later, even if it is not sent again. */
  const handleAfter = (seconds: number, handle: HandleCommand, command: SentCommand) =>
    options.time().at(options.time().now() + seconds * 1000, () => {
      handle(command).catch(() => undefined);
    });

  const delay = (handle: HandleCommand, command: SentCommand, seconds: number) => {
    const { id } = command.metadata;
    const at = arrivesAt.get(id) ?? options.time().now() + seconds * 1000;
    arrivesAt.set(id, at);
    if (isNew(id)) handleAfter(seconds, handle, command);
    if (options.time().now() < at) throw new Error(`${id} is still on its way`);
    return handle(command);
  };

  /** If an outside system reports an answer twice, the second report is a separate message. */
  const repeat = async (handle: HandleCommand, command: SentCommand) => {
    const { id } = command.metadata;
    if (isNew(id)) {
      const again = { ...command, metadata: { ...command.metadata, id: `${id}/again` } };
      for (const seconds of [againSeconds, timeoutSeconds + tooLateSeconds])
        handleAfter(seconds, handle, fault?.of === "answer" ? again : command);
    }
    return handle(command);
  };

  const commands: Between["commands"] = (handlerOf, application) => {
    const handle = handlerOf(application);
    const refuse: HandleCommand = (command) =>
      handlerOf({ ...application, deciders: application.deciders.map(refusing) })(command);
    return async (command, ...rest) => {
      const { id } = command.metadata;
      const how = howOf(command);
      switch (how) {
        case "refused":
          return refuse(command);
        case "silent":
          if (isNew(id)) unheard = [...unheard, () => handle(command)];
          throw new Error(`${id} is not heard`);
        case "faults once":
          if (isNew(id)) throw new Error(`${id} met a fault`);
          return handle(command, ...rest);
        case "late":
          return delay(handle, command, timeoutSeconds);
        case "too late":
          return delay(handle, command, timeoutSeconds + tooLateSeconds);
        case "twice":
          return repeat(handle, command);
        default:
          return handle(command, ...rest);
      }
    };
  };

  /** Ends all faults, and handles the commands that did not arrive. */
  const clear = async () => {
    isClear = true;
    await Promise.all(unheard.map((handle) => handle()));
    unheard = [];
  };

  return { commands, clear };
};
