/** Plays a scenario with an engine to its end, and says what came of it and what does not hold. */

import type { Application } from "../../../../lib/model/application.ts";
import type { RecordedEvent } from "../../../../lib/model/message.ts";
import { answerSeconds } from "../../../../lib/model/sagas/instance.ts";
import type { HandleCommand } from "../../../../lib/runtime/streams/handle-command.ts";
import { cancelOrder } from "../../../../lib/shop/orders/order.ts";
import { checkout } from "../../../../lib/shop/sagas/checkout.ts";
import { type ShopServices, shop } from "../../../../lib/shop/shop.ts";
import type { Between } from "../../../simulation/between.ts";
import { problemsOf } from "../../../simulation/checkers.ts";
import { answeringEffect, type Dimensions, type Fault } from "../../../simulation/conformance/dimensions.ts";
import { deviations } from "../../../simulation/conformance/expected.ts";
import { commandThatLeaves } from "../../../simulation/conformance/made-up.ts";
import { people } from "../../../simulation/conformance/people.ts";
import type { Arrival, Scenario } from "../../../simulation/conformance/scenario.ts";
import { troubleBetween } from "../../../simulation/conformance/trouble.ts";
import type { Delivery } from "../../../simulation/delivery.ts";
import type { MakeEngine } from "../../../simulation/engines.ts";
import { type ShopOptions, shopWorld } from "../shop-world.ts";
import { imbalances, orderAt, orderId, stockReceipts } from "./books.ts";

export type Played = {
  readonly outcome: "completed" | "compensated" | "parked" | "stuck";
  readonly problems: readonly string[];
  /** How many commits and events there were, up to the end. */
  readonly commits: number;
  readonly events: number;
};

const sagaId = `${checkout.name}/${orderId}`;
const hour = 3600;
/** More than a day: that long an undo is tried again. */
const patienceSeconds = 3 * 24 * hour;

const stepNamed = (name: string) => checkout.steps.find((step) => step.name === name);

/** The same shop, but its effect answers this step with a failure, without asking anybody. */
const failing = (shop: Application<ShopServices>, fault: Fault | undefined): Application<ShopServices> => {
  const step = fault?.of === "answer" && fault.how === "failed" ? stepNamed(fault.task) : undefined;
  const effect = step && answeringEffect(shop, step);
  if (!step || !effect) return shop;
  const perform = async (event: RecordedEvent) =>
    commandThatLeaves(shop, effect.answers, step.fails, event.data, [event]);
  return { ...shop, effects: shop.effects.map((each) => (each === effect ? { ...each, perform } : each)) };
};

const overtakenSeconds = 10;

const arrivalsBy =
  ({ one }: Arrival, againSeconds: number, count: (event: RecordedEvent) => number) =>
  (event: RecordedEvent) => {
    if (one?.nth !== count(event)) return [0];
    return one.how === "overtaken" ? [overtakenSeconds] : [0, againSeconds];
  };

/** What is other than it should be: a shop, the handler of commands, and ports. */
export type Variant = Pick<ShopOptions, "application" | "mailer"> & {
  readonly handles?: (handle: HandleCommand) => HandleCommand;
  readonly between?: Pick<Partial<Between>, "instances" | "ledger">;
};

export const play = async (
  makeEngine: MakeEngine,
  scenario: Scenario,
  dimensions: Dimensions,
  { application = shop, mailer, handles = (handle) => handle, between }: Variant = {},
): Promise<Played> => {
  const { price, fault, hindrance, cancelAfter, arrival, seed } = scenario;
  const waitSeconds = dimensions.waitSeconds + hour;
  // Whoever only goes forward tries again and again, for as long as there is trouble.
  const isForward = fault?.how === "silent" && dimensions.turnsBack(fault) === "never";
  const firstSeconds = isForward ? hour : waitSeconds;
  const step = fault && stepNamed(fault.task);
  const seen = new Set<string>();
  let isPlaced = false;
  let commits = 0;
  const count = ({ metadata: { id } }: RecordedEvent) => {
    if (isPlaced) seen.add(id);
    return [...seen].indexOf(id) + 1;
  };

  const trouble = troubleBetween({
    fault,
    hindrance,
    sagaId,
    timeoutSeconds: step?.timeoutSeconds ?? answerSeconds,
    answers: (step && answeringEffect(shop, step)?.answers.map(({ type }) => type)) ?? [],
    time: () => world.time,
  });
  const answer = people({ application: shop, saga: checkout, sagaId, fault, world: () => world });

  let isCancelled = false;
  const cancel = async () => {
    const { kind } = await world.send(cancelOrder({ orderId, reason: "rain" }));
    isCancelled = kind === "accepted";
  };

  const delivery: Delivery = { name: arrival.name, seed, copies: arrival.copies, shuffled: arrival.shuffled };
  const world = shopWorld(makeEngine, delivery, {
    application: failing(application, fault),
    mailer,
    between: {
      ...between,
      commands: (handlerOf, ...rest) => trouble.commands((by) => handles(handlerOf(by)), ...rest),
      arrivals: arrivalsBy(arrival, waitSeconds, count),
      stored: (commit) => {
        if (!isPlaced) return;
        commits += 1;
        answer(commit);
        if (commits === cancelAfter) world.time.at(world.time.now(), () => void cancel());
      },
    },
  });

  const status = async () => (await world.statusOfCheckout(orderId)) ?? { kind: "none" as const };
  for (const receipt of stockReceipts) await world.request(receipt);
  await world.pass(60);
  isPlaced = true;
  await world.request(orderAt(price));
  await world.pass(firstSeconds);
  if ((await status()).kind === "compensating") await world.pass(patienceSeconds);
  const before = await status();
  await world.time.until(trouble.clear());
  await world.pass(waitSeconds);
  if (before.kind === "parked") {
    await world.operate({ action: "resume", sagaId, how: "retry" });
    await world.pass(waitSeconds);
  }
  const { kind: end } = await status();
  if (end !== "completed" && end !== "compensated")
    return { outcome: "stuck", problems: [`ends ${end}`], commits, events: seen.size };
  return {
    outcome: before.kind === "parked" ? "parked" : end,
    problems: [
      ...deviations(scenario, dimensions, before, end, isCancelled),
      ...(await imbalances(world, price, end)),
      ...(await problemsOf(world)),
    ],
    commits,
    events: seen.size,
  };
};
