/**
 * AWS::Events::EventBus, AWS::Events::Rule, AWS::Events::Archive and the service `events`. PutEvents accepts each entry
 * separately, answers when the journal has it, and then delivers it to the targets of matching rules. The clock
 * triggers rules that have a schedule. Archives store accepted events and replay them on request.
 */
import { uniqueId } from "../machine/random.ts";
import { propertiesOf } from "../service/properties.ts";
import type { Caller, Cloud, MakeProvider, Operation, Resource } from "../service/service.ts";
import { type Archive, type ArchivedEvent, archiveOf } from "./archive/archive.ts";
import { replayOperations } from "./archive/replay-operations.ts";
import { replayRuns } from "./archive/replay-run.ts";
import { delivery } from "./delivery.ts";
import { type Entry, entriesIn, eventOf, type Refused } from "./entries.ts";
import { busNameOf, busProperties, type Rule, ruleOf } from "./rule.ts";
import { startSchedules } from "./schedule.ts";

/** The ARNs of the buses, by name. */
type Buses = ReadonlyMap<string, string>;

const busArnOf = ({ region, account }: Cloud, name: string) =>
  `arn:aws:events:${region}:${account}:event-bus/${name}`;

const busesOf = (cloud: Cloud, resources: readonly Resource[]): Buses =>
  new Map([
    ["default", busArnOf(cloud, "default")],
    ...resources
      .filter(({ type }) => type === "AWS::Events::EventBus")
      .map((resource): [string, string] => [propertiesOf(resource, busProperties).Name, resource.arn]),
  ]);

const rulesOf = (buses: Buses, resources: readonly Resource[]): readonly Rule[] => {
  const rules = resources.filter(({ type }) => type === "AWS::Events::Rule").map(ruleOf);
  for (const { id, bus } of rules)
    if (!buses.has(bus)) throw new Error(`${id}: property EventBusName = ${bus}: no such event bus`);
  return rules;
};

const archivesOf = (cloud: Cloud, buses: Buses, resources: readonly Resource[]): readonly Archive[] => {
  const archives = resources
    .filter(({ type }) => type === "AWS::Events::Archive")
    .map((resource) => archiveOf(cloud, resource));
  for (const { id, busArn } of archives)
    if (![...buses.values()].includes(busArn))
      throw new Error(`${id}: property SourceArn = ${busArn}: no such event bus`);
  return archives;
};

/** An accepted event has an id that is unique among all deliveries, and the trace that it belongs to. */
type Accepted = { readonly id: string; readonly traceHeader?: string };

export const eventBuses: MakeProvider = (cloud, resources) => {
  const buses = busesOf(cloud, resources);
  const rules = rulesOf(buses, resources);
  const archives = archivesOf(cloud, buses, resources);
  const deliveries = delivery(cloud, rules);

  const deliver = (bus: string, event: ArchivedEvent, { id, traceHeader }: Accepted) => {
    const text = JSON.stringify(event);
    for (const rule of rules)
      if (rule.isEnabled && rule.bus === bus && rule.matches(event))
        deliveries.accept({ id, event: text, ...(traceHeader !== undefined && { traceHeader }) }, rule);
  };

  const put = (entry: Entry, caller: Caller): { readonly EventId: string } | Refused => {
    const { clock, account, region } = cloud;
    const accepted = eventOf(entry, caller, clock.now());
    if ("ErrorCode" in accepted) return accepted;
    const bus = busNameOf(entry.EventBusName);
    const id = uniqueId();
    if (!buses.has(bus)) {
      const message = `there is no event bus ${entry.EventBusName}: dropped an event of ${entry.Source}`;
      cloud.report({ source: "events", level: "problem", message });
      return { EventId: id };
    }
    const { detailType, source, time, resources, detail } = accepted;
    const origin = { source, account, time, region, resources, detail };
    const event = { version: "0", id, "detail-type": detailType, ...origin };
    for (const archive of archives) if (archive.busArn === buses.get(bus)) archive.keep(event);
    deliver(bus, event, { id, traceHeader: entry.TraceHeader });
    return { EventId: id };
  };

  const putEvents: Operation = {
    requires: (input) => {
      const names = entriesIn(input).map(({ EventBusName }) => busNameOf(EventBusName));
      const arns = names.map((name) => buses.get(name) ?? busArnOf(cloud, name));
      return [...new Set(arns)].map((resource) => ({ action: "events:PutEvents", resource }));
    },
    run: (input, caller) => {
      const Entries = entriesIn(input).map((entry) => put(entry, caller));
      return { FailedEntryCount: Entries.filter((entry) => "ErrorCode" in entry).length, Entries };
    },
  };

  const runs = replayRuns(cloud, archives, (busArn, event, name) =>
    deliver(busNameOf(busArn), { ...event, "replay-name": name }, { id: `${event.id}/${name}` }),
  );

  return {
    services: [{ name: "events", operations: { PutEvents: putEvents, ...replayOperations(cloud, runs) } }],
    start: () => {
      deliveries.resume();
      runs.resume();
      startSchedules(cloud, rules, deliveries.accept);
    },
  };
};
