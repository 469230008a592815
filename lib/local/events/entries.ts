/** The entries of PutEvents and the events that are made from them. */
import * as z from "zod";
import { inputOf } from "../service/properties.ts";
import { type Caller, type Input, ServiceError } from "../service/service.ts";

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

export type Entry = z.infer<typeof entrySchema>;

/** The size by the rules of the EventBridge user guide: 14 bytes for a time, and the bytes of the strings. */
const sizeOf = ({ Time, Source = "", DetailType = "", Detail = "", Resources }: Entry): number =>
  [Source, DetailType, Detail, ...Resources].reduce(
    (sum, part) => sum + Buffer.byteLength(part),
    Time === undefined ? 0 : 14,
  );

/** Throws AWS's error if the request is not valid. */
export const entriesIn = (input: Input): readonly Entry[] => {
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

export type Refused = { readonly ErrorCode: string; readonly ErrorMessage: string };

const missing = (name: string): Refused => ({
  ErrorCode: "InvalidArgument",
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
});

/** The event as targets see it, but without `id`. If AWS would refuse the entry, the reason. */
export const eventOf = (entry: Entry, caller: Caller, now: number) => {
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
