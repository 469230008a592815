/** The shop in this process, over memory: what a test of a whole application needs. No deadline ever comes. */
import { activity } from "../../lib/adapters/in-process/activity.ts";
import { inProcessBus } from "../../lib/adapters/in-process/bus.ts";
import { changeStream } from "../../lib/adapters/in-process/change-stream.ts";
import { memoryDeadlines } from "../../lib/adapters/memory/deadlines.ts";
import { memoryEventStore } from "../../lib/adapters/memory/event-store.ts";
import { memoryInstances } from "../../lib/adapters/memory/instances.ts";
import { memoryLedger } from "../../lib/adapters/memory/ledger.ts";
import { memoryLog } from "../../lib/adapters/memory/log.ts";
import { memoryMailer } from "../../lib/adapters/memory/mailer.ts";
import { memoryParked } from "../../lib/adapters/memory/parked.ts";
import { memoryReadModels } from "../../lib/adapters/memory/read-models.ts";
import type { Application } from "../../lib/model/application.ts";
import type { Command } from "../../lib/model/message.ts";
import type { Sleep } from "../../lib/ports/clock.ts";
import type { Deadline } from "../../lib/ports/deadlines.ts";
import { oneProcess } from "../../lib/runtime/one-process.ts";
import { deadLetterDesk } from "../../lib/runtime/operations/dead-letters.ts";
import { asTheyCome } from "../../lib/runtime/publishing/stream-order.ts";
import { memoryPaymentProvider } from "../../lib/shop/payments/memory-payment-provider.ts";
import { type ShopServices, shop } from "../../lib/shop/shop.ts";

const sagaOf = ({ sagaId }: Deadline): string => sagaId.split("/")[0] ?? "";

export const shopInOneProcess = (
  overrides: Partial<ShopServices> = {},
  application: Application<ShopServices> = shop,
) => {
  const clock = () => new Date();
  const log = memoryLog();
  const underWay = activity();
  /** Waits pass at once, but for those that may be aborted: nothing is late. */
  const sleep: Sleep = (_, signal) => (signal ? new Promise(() => {}) : Promise.resolve());
  const system = { clock, log, random: () => 0, sleep, activity: underWay };
  const bus = inProcessBus({ ...system, source: application.name });
  const stream = changeStream(memoryEventStore(), system);
  const readModels = memoryReadModels(application.projections);
  const ledger = memoryLedger();
  const [mailer, payments] = [memoryMailer(), memoryPaymentProvider()];
  const deadlines = memoryDeadlines({
    clock,
    sleep: () => new Promise(() => {}),
    deliver: (deadline) => bus.remind(sagaOf(deadline), deadline),
  });
  const handle = oneProcess(application, {
    ...system,
    ...stream,
    bus,
    order: asTheyCome,
    subscribe: bus.subscribe,
    instances: memoryInstances(),
    parked: memoryParked(),
    ledger,
    deadlines,
    readModels,
    services: { mailer, payments, ...overrides },
  });
  let requests = 0;

  return {
    log,
    mails: mailer.sent,
    held: payments.held,
    deadLetters: deadLetterDesk(application, { deadLetters: bus.deadLetters, ledger, log }),
    row: async (projection: string, key: string) => (await readModels.find(projection, key))?.row,
    /** As a request would send it. */
    send: (command: Command) => {
      requests += 1;
      const id = `http/${requests}`;
      const metadata = { id, causationId: id, correlationId: id, issuedAt: clock().toISOString() };
      return handle({ ...command, metadata: { ...metadata, receipt: false } });
    },
    idle: underWay.idle,
  };
};
