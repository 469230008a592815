/**
 * The change stream of the event table as a Lambda function. Commits should only ever be inserted; any other change
 * is passed on as a change. The answer names every record that must be redelivered, so none is skipped.
 */
import * as z from "zod";
import { streamIdText } from "../../../model/events/stream-id.ts";
import type { StreamRecord } from "../../../ports/stream-record.ts";
import type { Item } from "../attributes.ts";
import { fromItem } from "./item.ts";

const schema = z.object({
  Records: z.array(
    z.object({
      eventName: z.enum(["INSERT", "MODIFY", "REMOVE"]),
      dynamodb: z.object({
        SequenceNumber: z.string(),
        Keys: z.object({ pk: z.object({ S: streamIdText }), sk: z.object({ N: z.coerce.number().int() }) }),
        NewImage: z.custom<Item>((value) => typeof value === "object" && value !== null).optional(),
      }),
    }),
  ),
});

type Raw = z.output<typeof schema>["Records"][number];

const inserted = ({ dynamodb: { SequenceNumber: id, Keys, NewImage = {} } }: Raw): StreamRecord => {
  try {
    return { kind: "commit", id, commit: fromItem(NewImage) };
  } catch (error) {
    const payload = JSON.stringify(NewImage);
    return { kind: "unreadable", id, streamId: Keys.pk.S, version: Keys.sk.N, payload, error: `${error}` };
  }
};

const recordOf = (raw: Raw): StreamRecord => {
  const { eventName: how, dynamodb } = raw;
  if (how === "INSERT") return inserted(raw);
  const { SequenceNumber: id, Keys } = dynamodb;
  return { kind: "changed", id, how, streamId: Keys.pk.S, version: Keys.sk.N };
};

type BatchItemFailures = {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
};

/** `handle` returns the ids of the records that must be redelivered. */
export const streamHandler =
  (handle: (records: readonly StreamRecord[]) => Promise<readonly string[]>) =>
  async (event: unknown): Promise<BatchItemFailures> => {
    const retry = await handle(schema.parse(event).Records.map(recordOf));
    return { batchItemFailures: retry.map((itemIdentifier) => ({ itemIdentifier })) };
  };
