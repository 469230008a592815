/** The deliveries for a saga, grouped by instance. An instance that fails does not delay the others. */
import { deadBecause } from "../../model/delivery/dead-because.ts";
import type { CurrentEvents, UnreadableEvent } from "../../model/events/current.ts";
import type { RecordedEvent } from "../../model/message.ts";
import { sagaOfInstance } from "../../model/named.ts";
import { isA } from "../../model/reference.ts";
import type { AnySaga } from "../../model/saga.ts";
import { instancesOf } from "../../model/sagas/instance.ts";
import { type Delivery, dead, type Handle, type NotDone, retry } from "../../ports/delivery.ts";
import { type InstanceItem, type Instances, unknownInstance } from "../../ports/instances.ts";
import { PermanentError } from "../../ports/permanent-error.ts";
import { currentDeliveries, worst } from "../handlers/current-deliveries.ts";
import { failed } from "../handlers/failed.ts";
import { type ReportFaultPorts, reportFault } from "../handlers/report-fault.ts";
import { refuseUnreadable } from "./current-instances.ts";
import { asPermanent, type ParkRefusedPorts, parkRefused } from "./park-refused.ts";
import { sagaLog } from "./saga-log.ts";

type Sorted = {
  /** Deliveries by instance. One event may be for several instances. */
  readonly byInstance: ReadonlyMap<string, readonly Delivery[]>;
  /** Deliveries for which the saga cannot name an instance. */
  readonly unnamed: readonly NotDone[];
};

const sorted = (saga: AnySaga, deliveries: readonly Delivery[]): Sorted => {
  const byInstance = new Map<string, Delivery[]>();
  const unnamed: NotDone[] = [];
  for (const delivery of deliveries)
    try {
      const ids = delivery.kind === "event" ? instancesOf(saga, delivery.event) : [delivery.sagaId];
      for (const id of ids) byInstance.set(id, [...(byInstance.get(id) ?? []), delivery]);
    } catch (error) {
      unnamed.push(dead(delivery.id, deadBecause("unreadable", error)));
    }
  return { byInstance, unnamed };
};

/** Returns the instance with the mark that it had, or with a mark that the reaction has set instead. */
type ReactTo = (id: string, deliveries: readonly Delivery[]) => Promise<InstanceItem>;

/** A delivery, and its name in the mark of a parked instance. */
type Named = { readonly id: string; readonly name: string };

type Unreadable = { readonly id: string; readonly error: UnreadableEvent };

const nameOf = (delivery: Delivery): string => {
  switch (delivery.kind) {
    case "event":
      return delivery.event.metadata.id;
    case "deadline":
      return `deadline ${delivery.task}`;
    case "execution-ended":
      return `end of ${delivery.execution}`;
  }
};

type ReactToEachPorts = ParkRefusedPorts & ReportFaultPorts & { readonly current: CurrentEvents };

/**
 * Reacts for each instance. If one fails, its deliveries are redelivered, and the others are not delayed. A
 * delivery that can never be stored, or that cannot be read, is dead and parks the instance until it is redriven.
 */
export const reactToEach = (saga: AnySaga, ports: ReactToEachPorts, reactTo: ReactTo): Handle => {
  const { current, instances, clock, log } = ports;

  const park = async (id: string, delivery: Named, error: PermanentError): Promise<readonly NotDone[]> => {
    try {
      await parkRefused(saga, ports, id, error, delivery.name);
      return [failed(delivery.id, error, clock())];
    } catch (fault) {
      log.write({ kind: "problem", message: `parking ${id} failed: ${fault}`, sagaId: id, error: fault });
      return [retry(delivery.id)];
    }
  };

  /** Only an event that the saga has caused names its instance before it is read. */
  const refuse = async ({ id, error }: Unreadable): Promise<readonly NotDone[]> => {
    const { id: name, sagaId } = error.event.metadata;
    const final = asPermanent(error, clock());
    const isOwn = sagaId !== undefined && sagaOfInstance({ sagas: [saga] }, sagaId) !== undefined;
    if (isOwn && final instanceof PermanentError) return park(sagaId, { id, name }, final);
    log.write({ kind: "problem", message: `${saga.name}: ${error.message}`, sagaId, error });
    return [failed(id, error, clock())];
  };

  /**
   * If the database refuses several deliveries together, each is retried alone, so that one bad delivery does not
   * fail the others.
   */
  const react = async (id: string, all: readonly Delivery[]): Promise<readonly NotDone[]> => {
    try {
      const { parked } = await reactTo(id, all);
      if (parked?.event && all.some((delivery) => nameOf(delivery) === parked.event))
        await sagaLog(saga, instances).park(id, undefined);
      return [];
    } catch (caught) {
      const error = asPermanent(caught, clock());
      if (!(error instanceof PermanentError)) {
        await reportFault(ports, { sagaId: id, step: "react" }, error);
        return all.map(({ id }) => failed(id, error, clock()));
      }
      const [first, ...others] = all;
      if (first && others.length === 0) return park(id, { id: first.id, name: nameOf(first) }, error);
      const alone: NotDone[] = [];
      for (const delivery of all) alone.push(...(await react(id, [delivery])));
      return alone;
    }
  };

  return async (given) => {
    const { deliveries, unreadable } = currentDeliveries(current, given);
    const { byInstance, unnamed } = sorted(saga, deliveries);
    const refused = await Promise.all(unreadable.map(refuse));
    const failures = await Promise.all([...byInstance].map(([id, all]) => react(id, all)));
    return worst([...unnamed, ...refused.flat(), ...failures.flat()]);
  };
};

export const eventsIn = (deliveries: readonly Delivery[]): readonly RecordedEvent[] =>
  deliveries.flatMap((delivery) => (delivery.kind === "event" ? [delivery.event] : []));

/** Whether one of the events starts an instance of the saga. */
export const startsAny = ({ startsOn }: AnySaga, events: readonly RecordedEvent[]): boolean =>
  events.some((event) => isA(startsOn, event));

/**
 * Reads the instance and appends the events that it does not have. An instance that starts with these events is not
 * read. `known` is the instance as it was read. Throws `UnreadableEvent`, with the events appended.
 */
export const appendUnseen = async (
  saga: AnySaga,
  instances: Instances,
  id: string,
  events: readonly RecordedEvent[],
): Promise<{ readonly known: InstanceItem; readonly item: InstanceItem }> => {
  const known = startsAny(saga, events) ? unknownInstance(id) : await instances.read(id);
  const item = await sagaLog(saga, instances).append(known, events);
  refuseUnreadable(item);
  return { known, item };
};
