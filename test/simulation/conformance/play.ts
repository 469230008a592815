/** Plays a scenario with an engine to its end, and returns the outcome and the rules that do not hold. */

import type { AnyApplication } from "../../../lib/model/application.ts";
import type { RecordedEvent } from "../../../lib/model/message.ts";
import { answerSeconds } from "../../../lib/model/sagas/instance.ts";
import type { HandleCommand } from "../../../lib/runtime/streams/handle-command.ts";
import type { Between } from "../between.ts";
import { problemsOf } from "../checkers.ts";
import type { Delivery } from "../delivery.ts";
import type { MakeEngine } from "../engines.ts";
import { answeringEffect, type Fault } from "./dimensions.ts";
import { deviations } from "./expected.ts";
import type { Kind } from "./kind.ts";
import { commandThatLeaves } from "./made-up.ts";
import { people } from "./people.ts";
import type { Arrival, Scenario } from "./scenario.ts";
import type { Change, Subject } from "./subject.ts";
import { troubleBetween } from "./trouble.ts";

export type Played = {
  readonly outcome: "completed" | "compensated" | "parked" | "stuck";
  readonly problems: readonly string[];
  /** The number of commits and of events, up to the end. */
  readonly commits: number;
  readonly events: number;
};

const hour = 3600;
/** Longer than the day for which an undo is retried. */
const patienceSeconds = 3 * 24 * hour;

const stepNamed = ({ saga }: Subject, name: string) => saga.steps.find((step) => step.name === name);

/** The same application, but its effect answers this step with a failure and calls no service. */
const failing =
  (subject: Subject, fault: Fault | undefined): Change =>
  <Services>(application: AnyApplication<Services>) => {
    const step =
      fault?.of === "answer" && fault.how === "failed" ? stepNamed(subject, fault.task) : undefined;
    const effect = step && answeringEffect(application, step);
    if (!step || !effect) return application;
    const perform = async (event: RecordedEvent) =>
      commandThatLeaves(application, effect.answers, step.fails, event.data, [event]);
    const effects = application.effects.map((each) =>
      each.name === effect.name ? { ...each, perform } : each,
    );
    return { ...application, effects };
  };

const overtakenSeconds = 10;

const arrivalsBy =
  ({ one }: Arrival, againSeconds: number, count: (event: RecordedEvent) => number) =>
  (event: RecordedEvent) => {
    if (one?.nth !== count(event)) return [0];
    return one.how === "overtaken" ? [overtakenSeconds] : [0, againSeconds];
  };

/** Parts of the application that a test replaces: the command handler and ports. */
export type Variant = {
  readonly handles?: (handle: HandleCommand) => HandleCommand;
  readonly between?: Pick<Partial<Between>, "instances" | "ledger" | "bus">;
};

export const play = async (
  makeEngine: MakeEngine,
  scenario: Scenario,
  { subject, dimensions }: Kind,
  { handles = (handle) => handle, between }: Variant = {},
): Promise<Played> => {
  const { fault, hindrance, cancelAfter, arrival, seed } = scenario;
  const { application, saga, cancellation } = subject;
  const sagaId = `${saga.name}/${subject.id}`;
  const waitSeconds = dimensions.waitSeconds + hour;
  // A saga after its pivot retries for as long as the fault lasts.
  const isForward = fault?.how === "silent" && dimensions.turnsBack(fault) === "never";
  const firstSeconds = isForward ? hour : waitSeconds;
  const step = fault && stepNamed(subject, fault.task);
  const seen = new Set<string>();
  let isStarted = false;
  let commits = 0;
  const count = ({ metadata: { id } }: RecordedEvent) => {
    if (isStarted) seen.add(id);
    return [...seen].indexOf(id) + 1;
  };

  const trouble = troubleBetween({
    fault,
    hindrance,
    sagaId,
    timeoutSeconds: step?.timeoutSeconds ?? answerSeconds,
    answers: (step && answeringEffect(application, step)?.answers.map(({ type }) => type)) ?? [],
    time: () => world.time,
  });
  const answer = people({ application, saga, sagaId, fault, world: () => world });

  let isCancelled = false;
  const cancel = async () => {
    if (!cancellation) return;
    const { kind } = await world.send(cancellation);
    isCancelled = kind === "accepted";
  };

  const delivery: Delivery = { name: arrival.name, seed, copies: arrival.copies, shuffled: arrival.shuffled };
  const world = subject.world(makeEngine, delivery, {
    change: failing(subject, fault),
    between: {
      ...between,
      commands: (handlerOf, ...rest) => trouble.commands((by) => handles(handlerOf(by)), ...rest),
      arrivals: arrivalsBy(arrival, waitSeconds, count),
      stored: (commit) => {
        if (!isStarted) return;
        commits += 1;
        answer(commit);
        if (commits === cancelAfter) world.time.at(world.time.now(), () => void cancel());
      },
    },
  });

  const statusNow = async () => (await world.statusOf(saga, subject.id)) ?? { kind: "none" as const };
  for (const command of subject.before) await world.request(command);
  await world.pass(60);
  isStarted = true;
  await world.request(subject.start);
  await world.pass(firstSeconds);
  if ((await statusNow()).kind === "compensating") await world.pass(patienceSeconds);
  const before = await statusNow();
  await world.time.until(trouble.clear());
  await world.pass(waitSeconds);
  if (before.kind === "parked") {
    await world.operate({ action: "resume", sagaId, how: "retry" });
    await world.pass(waitSeconds);
  }
  const { kind: end } = await statusNow();
  if (end !== "completed" && end !== "compensated")
    return { outcome: "stuck", problems: [`ends ${end}`], commits, events: seen.size };
  return {
    outcome: before.kind === "parked" ? "parked" : end,
    problems: [
      ...deviations(scenario, dimensions, before, end, isCancelled),
      ...(await world.imbalances(end)),
      ...(await problemsOf(world)),
    ],
    commits,
    events: seen.size,
  };
};
