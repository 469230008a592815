/** Plays a scenario with only the pure functions of the saga, as `play` does with an engine. */

import { idempotencyKeyOf } from "../../../lib/model/effect.ts";
import { type Command, isReceipt, type RecordedEvent, type SentCommand } from "../../../lib/model/message.ts";
import { isA } from "../../../lib/model/reference.ts";
import type { Step } from "../../../lib/model/saga.ts";
import { answerSeconds } from "../../../lib/model/sagas/instance.ts";
import { answeringEffect, type Fault, isFromOutside } from "./dimensions.ts";
import { deviations } from "./expected.ts";
import type { Kind } from "./kind.ts";
import { commandThatLeaves } from "./made-up.ts";
import { answerOfPeople, answerSecondsOf } from "./people.ts";
import type { Played } from "./play.ts";
import { pureWorld } from "./pure-world.ts";
import type { Arrival, Scenario } from "./scenario.ts";
import { againSeconds, tooLateSeconds } from "./trouble.ts";

const hour = 3600;
const patienceSeconds = 2 * 24 * hour;
const overtakenSeconds = 10;

const fromOutside = (command: Command): SentCommand => {
  const id = `http/${command.type}`;
  const issuedAt = new Date(0).toISOString();
  return { ...command, metadata: { id, causationId: id, correlationId: id, issuedAt, receipt: false } };
};

/** Reordered: some events come after the events that they caused. */
const delaysOf = ({ copies, shuffled, one }: Arrival, nth: number, againAfter: number): readonly number[] => {
  if (one?.nth === nth) return one.how === "overtaken" ? [overtakenSeconds] : [0, againAfter];
  const first = shuffled ? ((nth * 7) % 5) / 10 : 0;
  return copies === 2 ? [first, first + (shuffled ? 1 : 0)] : [first];
};

const secondsOf = (how: Fault["how"] | undefined, timeoutSeconds: number): readonly number[] => {
  switch (how) {
    case "silent":
      return [];
    case "late":
      return [timeoutSeconds];
    case "too late":
      return [timeoutSeconds + tooLateSeconds];
    case "twice":
      return [0, againSeconds, timeoutSeconds + tooLateSeconds];
    default:
      return [0];
  }
};

export const playPurely = (scenario: Scenario, { subject, dimensions }: Kind): Played => {
  const { application, saga, cancellation } = subject;
  const sagaId = `${saga.name}/${subject.id}`;
  const { fault, hindrance, cancelAfter, arrival } = scenario;
  const faulty = fault && saga.steps.find(({ name }) => name === fault.task);
  const timeoutSeconds = faulty?.timeoutSeconds ?? answerSeconds;
  const waitSeconds = dimensions.waitSeconds + hour;
  const isForward = fault?.how === "silent" && dimensions.turnsBack(fault) === "never";
  let isClear = false;
  let isStarted = false;
  let isCancelled = false;
  let unheard: readonly SentCommand[] = [];
  let count = 0;

  const isOf = (task: string, { metadata }: SentCommand) => metadata.id.startsWith(`${sagaId}/${task}/`);
  const howOf = (command: SentCommand) => {
    if (isClear) return undefined;
    if (hindrance && isOf(hindrance.task, command)) return hindrance.how;
    return fault?.of === "command" && isOf(fault.task, command) ? fault.how : undefined;
  };
  /** Only if the fault is in an answer. */
  const howOfAnswerTo = (step: string) =>
    fault?.of === "answer" && fault.task === step ? fault.how : undefined;

  const answerByEffect = (step: Step<never>, event: RecordedEvent): void => {
    const effect = answeringEffect(application, step);
    if (!effect || !isA(effect.on, event)) return;
    const how = howOfAnswerTo(step.name);
    const outcomes = how === "failed" ? step.fails : step.succeeds;
    const command = commandThatLeaves(application, effect.answers, outcomes, event.data, [event]);
    const { id: causationId, correlationId } = event.metadata;
    const ids = { causationId, correlationId, issuedAt: "", sagaId, receipt: true };
    const idOf = (time: number) => `${idempotencyKeyOf(effect, event)}${time > 0 ? "/again" : ""}`;
    const sent = (time: number) => ({ ...command, metadata: { ...ids, id: idOf(time) } });
    for (const [time, seconds] of secondsOf(how, timeoutSeconds).entries())
      world.after(seconds, () => world.handle(sent(time)));
    if (how === "silent") unheard = [...unheard, sent(0)];
  };

  const answerByPeople = (step: Step<never>, event: RecordedEvent): void => {
    const { commandId, streamId } = event.metadata;
    if (!isFromOutside(step) || isReceipt(event) || !commandId.startsWith(`${sagaId}/${step.name}/`)) return;
    const how = howOfAnswerTo(step.name);
    const command = answerOfPeople(application, saga, step, how, world.events(streamId));
    for (const seconds of command ? answerSecondsOf(how, step.timeoutSeconds) : [])
      world.after(seconds, () => command && world.handle(fromOutside(command)));
  };

  /** Effects and people hear of each event once. */
  const answerTo = (event: RecordedEvent): void => {
    for (const step of saga.steps) {
      answerByEffect(step, event);
      answerByPeople(step, event);
    }
  };

  const cancel = () => {
    if (!cancellation) return;
    const command = fromOutside(cancellation);
    world.handle(command);
    isCancelled = world
      .events(command.streamId)
      .some(({ metadata }) => metadata.commandId === command.metadata.id);
  };

  const world: ReturnType<typeof pureWorld> = pureWorld({
    application,
    saga,
    sagaId,
    isRefused: (command) => howOf(command) === "refused",
    arrivalsOf: (command) => {
      const how = howOf(command);
      if (how === "faults once") return [1];
      if (how === "silent") unheard = [...unheard, command];
      return secondsOf(how === "refused" ? undefined : how, timeoutSeconds);
    },
    stored: (event) => {
      if (!isStarted) return [0];
      count += 1;
      if (count === cancelAfter) world.after(0, cancel);
      world.after(0, () => answerTo(event));
      return delaysOf(arrival, count, waitSeconds);
    },
  });

  for (const command of subject.before) world.handle(fromOutside(command));
  isStarted = true;
  world.handle(fromOutside(subject.start));
  world.pass(isForward ? hour : waitSeconds);
  if (world.status().kind === "compensating") world.pass(patienceSeconds);
  const before = world.status();
  isClear = true;
  for (const command of unheard) world.handle(command);
  world.pass(waitSeconds);
  if (before.kind === "parked") {
    world.retry();
    world.pass(waitSeconds);
  }
  const { kind: end } = world.status();
  const numbers = { commits: count, events: count };
  if (end !== "completed" && end !== "compensated")
    return { outcome: "stuck", problems: [`ends ${end}`], ...numbers };
  const problems = [
    ...deviations(scenario, dimensions, before, end, isCancelled),
    ...subject.imbalancesOf(world.streams().flat(), end),
  ];
  return { outcome: before.kind === "parked" ? "parked" : end, problems, ...numbers };
};
