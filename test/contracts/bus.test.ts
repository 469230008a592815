import { memoryBus } from "../../lib/adapters/memory/bus.ts";
import type { RecordedEvent } from "../../lib/model/message.ts";
import { type BusUnderTest, busContract } from "./bus.ts";
import { recordedEvent } from "./recorded-event.ts";

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
