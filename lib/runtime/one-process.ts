/**
 * A whole application in one process, for tests and small deployments. It uses the same handlers as the functions,
 * each subscribed to its events; sagas run as choreography. Stored events are sent to the bus and to the read
 * models.
 */
import type { AnyApplication } from "../model/application.ts";
import type { DeliveryPolicy } from "../model/delivery/delivery-policy.ts";
import { type Interest, interestOfEffect, interestOfSaga } from "../model/delivery/interest.ts";
import { currentEvents } from "../model/events/current.ts";
import type { AnyTranslator } from "../model/translator.ts";
import type { Random, Sleep } from "../ports/clock.ts";
import type { Deadlines } from "../ports/deadlines.ts";
import type { ForeignDelivery, Handle } from "../ports/delivery.ts";
import type { Inbox } from "../ports/inbox.ts";
import type { Instances } from "../ports/instances.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { StreamRecord } from "../ports/stream-record.ts";
import { performer } from "./handlers/perform.ts";
import { intake } from "./handlers/translate.ts";
import { type ProjectPorts, projector } from "./projections/project.ts";
import { type RelayPorts, relay } from "./publishing/relay.ts";
import { choreographer } from "./sagas/choreograph.ts";
import { currentInstances } from "./sagas/current-instances.ts";
import { commandHandler, type HandleCommand } from "./streams/handle-command.ts";

type OneProcessPorts<Services> = ProjectPorts &
  Omit<RelayPorts, "current"> & {
    readonly subscribe: (subscription: {
      readonly handler: string;
      readonly interest: Interest;
      readonly delivery?: DeliveryPolicy;
      readonly handle: Handle;
    }) => void;
    /** Delivers the events of other systems to their translator. */
    readonly subscribeForeign: (subscription: {
      readonly translator: AnyTranslator;
      readonly handle: Handle<ForeignDelivery>;
    }) => void;
    /** Passes stored records to a follower, which returns the ids of the records that must be redelivered. */
    readonly follow: (follower: (records: readonly StreamRecord[]) => Promise<readonly string[]>) => void;
    readonly instances: Instances;
    readonly inbox: Inbox;
    readonly ledger: Ledger;
    readonly deadlines: Deadlines;
    readonly services: Services;
    readonly sleep: Sleep;
    readonly random: Random;
  };

/** Subscribes every handler, and returns the function that handles commands. */
export const oneProcess = <Services>(
  application: AnyApplication<Services>,
  ports: OneProcessPorts<Services>,
): HandleCommand => {
  const { subscribe, subscribeForeign, follow } = ports;
  const current = currentEvents(application.deciders);
  const instances = currentInstances(current, ports.instances);
  const handle = commandHandler(application, ports);

  for (const effect of application.effects)
    subscribe({
      handler: effect.name,
      interest: interestOfEffect(effect, application.deciders),
      delivery: effect.delivery,
      handle: performer(effect, { ...ports, current, handle }),
    });
  for (const saga of application.sagas)
    subscribe({
      handler: saga.name,
      interest: interestOfSaga(saga, application.deciders),
      handle: choreographer(saga, { ...ports, current, instances, handle }),
    });
  for (const translator of application.translators ?? [])
    subscribeForeign({ translator, handle: intake(translator, { ...ports, handle }) });
  follow(relay({ ...ports, current }));
  follow(projector(application.projections, ports));
  return handle;
};
