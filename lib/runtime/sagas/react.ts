/**
 * Appends, then reacts: an event is in the history of its instance before any action follows from it. The reaction
 * is a function of the history, so a delivery that arrives twice, late or in another order changes nothing. A crash
 * between append and reaction is repaired by the redelivery.
 */

import type { CurrentEvents } from "../../model/events/current.ts";
import type { AnySaga } from "../../model/saga.ts";
import { type Position, positionOf } from "../../model/sagas/position.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Delivery, Handle } from "../../ports/delivery.ts";
import type { InstanceItem, Instances } from "../../ports/instances.ts";
import type { Log } from "../../ports/log.ts";
import type { SagaEngine } from "../../ports/saga-engine.ts";
import { sentenceOf } from "../handlers/sentence.ts";
import { appendUnseen, eventsIn, reactToEach, startsAny } from "./deliveries.ts";
import { executionName } from "./execution-name.ts";
import { sagaLog } from "./saga-log.ts";
import { settle } from "./settle.ts";

type ReactPorts = {
  readonly current: CurrentEvents;
  readonly instances: Instances;
  readonly engine: SagaEngine;
  readonly clock: Clock;
  readonly log: Log;
};

type Ended = Extract<Delivery, { kind: "execution-ended" }>;

const hasEnded = (position: Position | undefined): boolean => position !== undefined && !position.current;

export const reactor = (saga: AnySaga, ports: ReactPorts): Handle => {
  const { instances, engine, clock, log } = ports;

  /** An execution that ended before its saga did needs an operator. The end of an older execution is ignored. */
  const parkEnded = async (
    item: InstanceItem,
    { execution, status: how, because }: Ended,
  ): Promise<InstanceItem> => {
    if (hasEnded(positionOf(saga, item)) || execution !== executionName(item.id, item.restarts)) return item;
    const sentence = `its execution ended: ${how}, ${sentenceOf(because)}`;
    const parked = await sagaLog(saga, instances).park(item.id, {
      code: `execution-${how.toLowerCase().replaceAll("_", "-")}`,
      because: sentence,
      at: clock().toISOString(),
    });
    log.count("SagaParked");
    const cause = { message: `${item.id} is parked: ${sentence}`, cause: because };
    log.write({ kind: "problem", ...cause, sagaId: item.id });
    return parked;
  };

  return reactToEach(saga, ports, async (id, all) => {
    const events = eventsIn(all);
    const { item } = await appendUnseen(saga, instances, id, events);
    const position = positionOf(saga, item);
    if (startsAny(saga, events) && !hasEnded(position))
      await engine.start(saga.name, executionName(id, item.restarts), id, position?.instance.skips);
    await settle(saga, { instances, engine }, item);
    let after = item;
    for (const delivery of all)
      if (delivery.kind === "execution-ended") after = await parkEnded(after, delivery);
    return after;
  });
};
