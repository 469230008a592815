/**
 * EventBridge as the bus. An event travels as a CloudEvent in the detail of its entry. EventBridge takes or
 * refuses each entry of a request by itself, and whether it did stands in the outcome of each event.
 */
import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { toCloudEvent } from "../../model/cloud-event.ts";
import type { RecordedEvent } from "../../model/message.ts";
import type { Bus, PublishOutcome } from "../../ports/bus.ts";

export type EventBridgeSettings = {
  readonly busName: string;
  /** Names the application: rules match it. */
  readonly source: string;
};

type Entry = {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
};

const entriesMax = 10;
/** What the entries of a request may weigh together, less than 1 MB; one alone may weigh as much. */
const bytesMax = 1024 * 1024 - 1;

/** As EventBridge counts: UTF-8, without the name of the bus. */
const bytesOf = ({ Source, DetailType, Detail }: Entry): number =>
  Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);

/** In their order, each batch as full as the limits allow; one that is too large stands alone. */
const batchesOf = (entries: readonly Entry[]): readonly (readonly Entry[])[] => {
  const batches: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const last = batches.at(-1);
    const size = bytesOf(entry);
    const fits = last !== undefined && last.length < entriesMax && bytes + size <= bytesMax;
    if (fits) last.push(entry);
    else batches.push([entry]);
    bytes = fits ? bytes + size : size;
  }
  return batches;
};

const tooLarge = ([entry, ...others]: readonly Entry[]): boolean =>
  entry !== undefined && others.length === 0 && bytesOf(entry) > bytesMax;

const failed = (because: string): PublishOutcome => ({ kind: "failed", because });

export const eventBridgeBus = (client: EventBridgeClient, { busName, source }: EventBridgeSettings): Bus => {
  const entryOf = (event: RecordedEvent): Entry => ({
    EventBusName: busName,
    Source: source,
    DetailType: event.type,
    Detail: JSON.stringify(toCloudEvent(event, source)),
  });

  const put = async (batch: readonly Entry[]): Promise<readonly PublishOutcome[]> => {
    if (tooLarge(batch)) return [failed(`an entry of more than ${bytesMax} bytes`)];
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: [...batch] }));
    return batch.map((_, index) => {
      const { EventId, ErrorCode = "no answer", ErrorMessage = "" } = Entries[index] ?? {};
      return EventId ? { kind: "published" } : failed(`${ErrorCode}: ${ErrorMessage}`);
    });
  };

  return {
    publish: async (events) => {
      const outcomes: PublishOutcome[] = [];
      for (const batch of batchesOf(events.map(entryOf))) outcomes.push(...(await put(batch)));
      return outcomes;
    },
  };
};
