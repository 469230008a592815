/**
 * AWS::Events::EventBus, AWS::Events::Rule, AWS::Events::Archive and the service `events`: PutEvents accepts each
 * entry by itself, answers when the journal has it, and delivers to the targets of the rules that match. Rules with
 * a schedule are called by the clock. Archives keep what was accepted, and replay it when asked.
 */
import * as z from "zod";
import { uniqueId } from "../machine/random.ts";
import { inputOf, propertiesOf } from "../service/properties.ts";
import {
  type Caller,
  type Input,
  type MakeProvider,
  type Operation,
  ServiceError,
} from "../service/service.ts";
import { type ArchivedEvent, archiveOf } from "./archive.ts";
import { delivery } from "./delivery.ts";
import { replays } from "./replay.ts";
import { busNameOf, busProperties, ruleOf } from "./rule.ts";
import { startSchedules } from "./schedule.ts";

const entriesMax = 10;
const bytesMax = 1024 * 1024;

const entrySchema = z.strictObject({
  /** ISO 8601, or seconds since 1970. */
  Time: z.union([z.string(), z.number()]).optional(),
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  Resources: z.array(z.string()).default([]),
  EventBusName: z.string().default("default"),
  TraceHeader: z.string().optional(),
});

const putEventsSchema = z.strictObject({ Entries: z.array(entrySchema) });

type Entry = z.infer<typeof entrySchema>;

/** As the EventBridge user guide counts it: 14 bytes for a time, and the texts. */
const sizeOf = ({ Time, Source = "", DetailType = "", Detail = "", Resources }: Entry): number =>
  [Source, DetailType, Detail, ...Resources].reduce(
    (sum, part) => sum + Buffer.byteLength(part),
    Time === undefined ? 0 : 14,
  );

const checked = (input: Input): readonly Entry[] => {
  const { Entries } = inputOf(input, putEventsSchema, "ValidationException");
  if (Entries.length < 1 || Entries.length > entriesMax)
    throw new ServiceError(
      "ValidationException",
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${entriesMax}`,
    );
  if (Entries.reduce((sum, entry) => sum + sizeOf(entry), 0) >= bytesMax)
    throw new ServiceError(
      "ValidationException",
      "Total size of the entries in the request is over the limit.",
    );
  return Entries;
};

const objectIn = (json: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

type Refused = { readonly ErrorCode: string; readonly ErrorMessage: string };

const missing = (name: string): Refused => ({
  ErrorCode: "InvalidArgument",
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
});

/** The event as its targets see it, without `id`; or why AWS refuses the entry. */
const eventOf = (entry: Entry, caller: Caller, now: number) => {
  const { Source, DetailType, Detail, Time, Resources } = entry;
  if (!Source) return missing("Source");
  if (!DetailType) return missing("DetailType");
  if (!Detail) return missing("Detail");
  if (Source.startsWith("aws.") && caller.kind !== "service")
    return {
      ErrorCode: "NotAuthorizedForSourceException",
      ErrorMessage: "Not authorized for the source.",
    };
  const detail = objectIn(Detail);
  if (!detail) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  const time = new Date(typeof Time === "number" ? Time * 1000 : (Time ?? now));
  if (Number.isNaN(time.getTime()))
    return { ErrorCode: "InvalidArgument", ErrorMessage: `Parameter Time is not valid: ${Time}` };
  return {
    detailType: DetailType,
    source: Source,
    time: `${time.toISOString().slice(0, 19)}Z`,
    resources: Resources,
    detail,
  };
};

export const eventBuses: MakeProvider = (cloud, resources) => {
  const buses = new Map([["default", `arn:aws:events:${cloud.region}:${cloud.account}:event-bus/default`]]);
  for (const resource of resources.filter(({ type }) => type === "AWS::Events::EventBus"))
    buses.set(propertiesOf(resource, busProperties).Name, resource.arn);

  const rules = resources.filter(({ type }) => type === "AWS::Events::Rule").map(ruleOf);
  for (const { id, bus } of rules)
    if (!buses.has(bus)) throw new Error(`${id}: property EventBusName = ${bus}: no such event bus`);

  const archives = resources
    .filter(({ type }) => type === "AWS::Events::Archive")
    .map((resource) => archiveOf(cloud, resource));
  for (const { id, busArn } of archives)
    if (![...buses.values()].includes(busArn))
      throw new Error(`${id}: property SourceArn = ${busArn}: no such event bus`);

  const deliveries = delivery(cloud, rules);

  const deliver = (bus: string, id: string, event: ArchivedEvent, traceHeader?: string) => {
    const text = JSON.stringify(event);
    for (const rule of rules)
      if (rule.isEnabled && rule.bus === bus && rule.matches(event))
        deliveries.accept({ id, event: text, ...(traceHeader !== undefined && { traceHeader }) }, rule);
  };

  const put = (entry: Entry, caller: Caller): { readonly EventId: string } | Refused => {
    const accepted = eventOf(entry, caller, cloud.clock.now());
    if ("ErrorCode" in accepted) return accepted;
    const bus = busNameOf(entry.EventBusName);
    const id = uniqueId();
    if (!buses.has(bus)) {
      const message = `there is no event bus ${entry.EventBusName}: an event of ${entry.Source} is dropped`;
      cloud.report({ source: "events", level: "problem", message });
      return { EventId: id };
    }
    const { detailType, source, time, resources, detail } = accepted;
    const event = {
      version: "0",
      id,
      "detail-type": detailType,
      source,
      account: cloud.account,
      time,
      region: cloud.region,
      resources,
      detail,
    };
    for (const archive of archives) if (archive.busArn === buses.get(bus)) archive.keep(event);
    deliver(bus, id, event, entry.TraceHeader);
    return { EventId: id };
  };

  const arnOf = (nameOrArn: string) => {
    const name = busNameOf(nameOrArn);
    return buses.get(name) ?? `arn:aws:events:${cloud.region}:${cloud.account}:event-bus/${name}`;
  };

  const putEvents: Operation = {
    requires: (input) => {
      const names = checked(input).map(({ EventBusName }) => arnOf(EventBusName));
      return [...new Set(names)].map((resource) => ({ action: "events:PutEvents", resource }));
    },
    run: (input, caller) => {
      const Entries = checked(input).map((entry) => put(entry, caller));
      return { FailedEntryCount: Entries.filter((entry) => "ErrorCode" in entry).length, Entries };
    },
  };

  const replaying = replays(cloud, archives, (busArn, event, name) =>
    deliver(busNameOf(busArn), `${event.id}/${name}`, { ...event, "replay-name": name }),
  );

  return {
    services: [{ name: "events", operations: { PutEvents: putEvents, ...replaying.operations } }],
    start: () => {
      deliveries.resume();
      replaying.resume();
      startSchedules(cloud, rules, deliveries.accept);
    },
  };
};
