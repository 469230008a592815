import { activity } from "../../lib/adapters/in-process/activity.ts";
import { inProcessBus } from "../../lib/adapters/in-process/bus.ts";
import { memoryBus } from "../../lib/adapters/memory/bus.ts";
import { memoryLog } from "../../lib/adapters/memory/log.ts";
import type { RecordedEvent } from "../../lib/model/message.ts";
import { type BusUnderTest, busContract } from "../../lib/testing/contracts/bus.ts";
import { recordedEvent } from "../../lib/testing/contracts/samples/recorded-event.ts";

const make = async (): Promise<BusUnderTest> => {
  const refused = recordedEvent(99);
  let isReachable = true;
  const received: RecordedEvent[] = [];
  const bus = memoryBus((event) => {
    if (!isReachable) throw new Error("out of reach");
    return event === refused ? "refused" : undefined;
  });
  bus.subscribe(async (event) => void received.push(event));
  const cutOff = () => {
    isReachable = false;
  };
  return { bus, received: async () => received, refused, cutOff };
};

busContract("in memory", make);

busContract("within one process", async () => {
  const underWay = activity();
  const received: RecordedEvent[] = [];
  const system = { activity: underWay, log: memoryLog(), random: () => 0, clock: () => new Date(0) };
  const bus = inProcessBus({ ...system, sleep: async () => {}, source: "shop" });
  bus.subscribe({
    handler: "tell",
    interest: { categories: ["order"], eventTypes: [recordedEvent().type] },
    handle: async (deliveries) => {
      for (const each of deliveries) if (each.kind === "event") received.push(each.event);
      return [];
    },
  });
  return {
    bus,
    received: async () => {
      await underWay.idle();
      return received;
    },
    refused: recordedEvent(99, { text: "x".repeat(1024 * 1024) }),
    cutOff: bus.close,
  };
});
