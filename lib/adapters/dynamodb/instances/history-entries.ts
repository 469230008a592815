/**
 * The history of an instance as JSON texts, one per event. Each update is billed for the whole item, so the answers to
 * commands of the instance leave out what other entries say:
 * - the correlation id: all of them have the id of the start, which is their cause.
 * - the cause, if the entry before it in the same update has the same one.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { resumed as decision } from "../../../model/delivery/interest.ts";
import { isJsonObject } from "../../../model/json/json-value.ts";
import type { Message, Metadata, RecordedEvent } from "../../../model/message.ts";

type Shared = Pick<Metadata, "correlationId" | "causationId">;

type Entry = Message & { readonly metadata: Omit<Metadata, keyof Shared> & Partial<Shared> };

/** Only this adapter writes the entries, and each is an event but for what it shares. */
const isEntry = (value: unknown): value is Entry => isJsonObject(value) && "metadata" in value;

const entryIn = (id: string, { S: text = "null" }: AttributeValue): Entry => {
  const entry: unknown = JSON.parse(text);
  if (!isEntry(entry)) throw new Error(`a history entry of ${id} is not an event: ${text}`);
  return entry;
};

/** The cause of every command of an instance is its start. The decision of an operator has another cause. */
const isAnswer = (id: string, { type, metadata }: RecordedEvent): boolean =>
  metadata.commandId.startsWith(`${id}/`) && type !== decision;

/** The entries that one update appends. Entries of other updates may come before them. */
export const toEntries = (id: string, events: readonly RecordedEvent[]): AttributeValue[] =>
  events.map((event, index) => {
    const { correlationId: _, causationId, ...metadata } = event.metadata;
    const before = events[index - 1]?.metadata.causationId;
    const shorter = { ...metadata, ...(causationId !== before && { causationId }) };
    return { S: JSON.stringify(isAnswer(id, event) ? { ...event, metadata: shorter } : event) };
  });

/** Nothing reads a history that does not have its start. In items of an earlier version, nothing is left out. */
export const historyIn = (id: string, texts: readonly AttributeValue[]): readonly RecordedEvent[] => {
  let before = "";
  const entries = texts.map((text) => {
    const { metadata, ...event } = entryIn(id, text);
    before = metadata.causationId ?? before;
    return { ...event, metadata: { ...metadata, causationId: before } };
  });
  const known = new Map(entries.map(({ metadata }) => [metadata.id, metadata.correlationId]));
  return entries.map(({ metadata, ...event }) => {
    const correlationId = metadata.correlationId ?? known.get(metadata.causationId) ?? "";
    return { ...event, metadata: { ...metadata, correlationId } };
  });
};
