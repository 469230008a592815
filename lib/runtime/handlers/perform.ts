/**
 * Performs an effect once per event. It claims the event in the ledger, performs the effect with an idempotency key
 * that never changes, records the follow-up command, sends it, and finally marks the event as done. If the process
 * crashes or runs out of time in between, another process takes over after the lease has ended and continues from
 * the state in the ledger.
 */
import { usualDelivery } from "../../model/delivery/delivery-policy.ts";
import { type AnyEffect, idempotencyKeyOf, perform } from "../../model/effect.ts";
import type { CurrentEvents } from "../../model/events/current.ts";
import type { RecordedEvent, SentCommand } from "../../model/message.ts";
import { isA } from "../../model/reference.ts";
import type { Clock, Sleep } from "../../ports/clock.ts";
import { type Handle, retry } from "../../ports/delivery.ts";
import type { Ledger } from "../../ports/ledger.ts";
import type { Log } from "../../ports/log.ts";
import type { HandleCommand } from "../streams/handle-command.ts";
import { currentDeliveries, worst } from "./current-deliveries.ts";
import { failed } from "./failed.ts";
import { inTime } from "./in-time.ts";

type PerformPorts<Services> = {
  readonly current: CurrentEvents;
  readonly ledger: Ledger;
  readonly handle: HandleCommand;
  readonly services: Services;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly log: Log;
};

/**
 * The share of the function's timeout that one attempt may take. The rest is left to answer for the other
 * deliveries of the batch.
 */
const share = 0.9;

const secondsOf = ({ delivery }: AnyEffect<never>): number =>
  delivery?.timeoutSeconds ?? usualDelivery.timeoutSeconds;

/** Longer than an attempt may take, so that two attempts never run at the same time. */
const leaseSecondsOf = (effect: AnyEffect<never>): number => 2 * secondsOf(effect);

/**
 * A failed delivery is retried unless the error is permanent or its event cannot be read. A delivery that another container is performing is
 * retried as well.
 */
export const performer =
  <Services>(effect: AnyEffect<Services>, ports: PerformPorts<Services>): Handle =>
  async (given) => {
    const { current, ledger, handle, services, clock, sleep, log } = ports;
    const milliseconds = share * secondsOf(effect) * 1000;

    const finish = async (key: string, command: SentCommand | undefined) => {
      if (command) {
        const { kind } = await handle(command);
        if (kind === "contended") throw new Error(`${key} is contended`);
      }
      await ledger.done(key);
    };

    /** After the timeout, the claim may already belong to another process, so it is not released. */
    const performClaimed = async (key: string, event: RecordedEvent, late: AbortSignal) => {
      const command = await perform(effect, event, services).catch(async (error: unknown) => {
        if (!late.aborted) await ledger.release(key, `${error}`);
        throw error;
      });
      if (command) await ledger.performed(key, command);
      const { correlationId, sagaId, id: causationId } = event.metadata;
      const message = `${effect.name} ${event.metadata.streamId}${command ? ` → ${command.type}` : ""}`;
      log.write({ kind: "effect", message, correlationId, causationId, sagaId });
      await finish(key, command);
    };

    const performOnce = async (event: RecordedEvent, late: AbortSignal): Promise<"done" | "busy"> => {
      const key = idempotencyKeyOf(effect, event);
      const claim = await ledger.claim(key, clock(), leaseSecondsOf(effect));
      if (claim.kind === "busy") return "busy";
      if (claim.kind === "claimed") await performClaimed(key, event, late);
      if (claim.kind === "performed") await finish(key, claim.command);
      return "done";
    };

    const { deliveries, unreadable } = currentDeliveries(current, given);
    const unread = unreadable.map(({ id, error }) => {
      const { correlationId } = error.event.metadata;
      log.write({ kind: "problem", message: `${effect.name}: ${error.message}`, correlationId, error });
      return failed(id, error, clock());
    });
    const failures = deliveries.map(async (delivery) => {
      if (delivery.kind !== "event" || !isA(effect.on, delivery.event)) return [];
      const { event } = delivery;
      const { streamId, correlationId } = event.metadata;
      try {
        const result = await inTime(milliseconds, sleep, (late) => performOnce(event, late));
        return result === "busy" ? [retry(delivery.id)] : [];
      } catch (error) {
        const message = `${effect.name} ${streamId} failed: ${error}`;
        log.write({ kind: "problem", message, correlationId, error });
        return [failed(delivery.id, error, clock())];
      }
    });
    return worst([...unread, ...(await Promise.all(failures)).flat()]);
  };
