/**
 * EventBridge as the bus. An event travels as a CloudEvent in the detail of its entry. EventBridge accepts or
 * refuses each entry of a request separately, and so does the outcome of each event. If it refuses a request as a
 * whole, it does not say which entry is the cause. In that case each entry is sent alone.
 */
import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { toCloudEvent } from "../../model/events/cloud-event.ts";
import type { RecordedEvent } from "../../model/message.ts";
import { type Bus, failed, type PublishOutcome, published, refused } from "../../ports/bus.ts";
import { kindOfError, PermanentError, permanentBy } from "../../ports/permanent-error.ts";
import { entryRows, requestRows } from "./errors.ts";

/** The bus, and the source of its events. */
export type EventBridgeSettings = {
  readonly busName: string;
  /** The name of the application. Rules match it. */
  readonly source: string;
};

type Entry = {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
};

/** The fields of the SDK's `PutEventsResultEntry`. */
type Answered = {
  readonly EventId?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
};

const entriesMax = 10;
/** The entries of a request together must be smaller than 1 MB. A single entry may have the same size. */
const bytesMax = 1024 * 1024 - 1;

/** The size as EventBridge counts it: UTF-8, without the name of the bus. */
const bytesOf = ({ Source, DetailType, Detail }: Entry): number =>
  Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);

/** Keeps the order and fills each batch up to the limits. An entry that is too large gets its own batch. */
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

const outcomeOf = ({ EventId, ErrorCode: name = "no answer", ErrorMessage: message = "" }: Answered) => {
  if (EventId) return published;
  const because = `${name}: ${message}`;
  return kindOfError(entryRows, { name, message }) === "permanent" ? refused(because) : failed(because);
};

const permanently = permanentBy(requestRows);

/** The bus on EventBridge. */
export const eventBridgeBus = (client: EventBridgeClient, { busName, source }: EventBridgeSettings): Bus => {
  const entryOf = (event: RecordedEvent): Entry => ({
    EventBusName: busName,
    Source: source,
    DetailType: event.type,
    Detail: JSON.stringify(toCloudEvent(event, source)),
  });

  const put = async (batch: readonly Entry[]): Promise<readonly PublishOutcome[]> => {
    if (tooLarge(batch)) return [refused(`the entry has more than ${bytesMax} bytes`)];
    const request = new PutEventsCommand({ Entries: [...batch] });
    try {
      const { Entries = [] } = await permanently(() => client.send(request));
      return batch.map((_, index) => outcomeOf(Entries[index] ?? {}));
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      if (batch.length === 1) return [refused(error.message)];
      const outcomes: PublishOutcome[] = [];
      for (const entry of batch) outcomes.push(...(await put([entry])));
      return outcomes;
    }
  };

  return {
    publish: async (events) => {
      const outcomes: PublishOutcome[] = [];
      for (const batch of batchesOf(events.map(entryOf))) outcomes.push(...(await put(batch)));
      return outcomes;
    },
  };
};
