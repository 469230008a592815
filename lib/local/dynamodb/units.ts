/** The capacity units of a call, as the engine reports them. */
import { type Input, ServiceError, type Units } from "../service/service.ts";
import { type ArnOf, tableNameOf } from "./requirements.ts";

export type Direction = "read" | "write";

type Consumed = {
  readonly TableName: string;
  readonly CapacityUnits?: number;
  readonly ReadCapacityUnits?: number;
  readonly WriteCapacityUnits?: number;
};

const bytesPerWriteUnit = 1024;

const sizeOfNumber = (text: string) => Math.ceil(text.replace(/[-+.]|e.*$/gi, "").length / 2) + 1;

/** The size of a value by DynamoDB's rules. */
const sizeOfValue = (value: unknown): number => {
  const [entry] = Object.entries(value ?? {});
  if (!entry) return 0;
  const [type, content] = entry;
  if (type === "S") return Buffer.byteLength(String(content));
  if (type === "N") return sizeOfNumber(String(content));
  if (type === "B") return Buffer.byteLength(String(content), "base64");
  if (type === "M") return 3 + sizeOfItem(content);
  const elements: unknown[] = Array.isArray(content) ? content : [];
  if (type === "L") return 3 + elements.reduce<number>((sum, element) => sum + 1 + sizeOfValue(element), 0);
  return elements.length > 0
    ? elements.reduce<number>((sum, element) => sum + sizeOfValue({ [type.slice(0, 1)]: element }), 0)
    : 1;
};

const sizeOfItem = (item: unknown): number =>
  Object.entries(item ?? {}).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + sizeOfValue(value),
    0,
  );

/** A write whose condition fails costs as much as a write of the existing item. */
const ofFailure = ({ code, members }: ServiceError, { TableName }: Input, arnOf: ArnOf): readonly Units[] =>
  code === "ConditionalCheckFailedException"
    ? [
        {
          resource: arnOf(tableNameOf(TableName)),
          write: Math.max(1, Math.ceil(sizeOfItem(members.Item) / bytesPerWriteUnit)),
        },
      ]
    : [];

export const unitsOf =
  (direction: Direction, arnOf: ArnOf) =>
  (answer: unknown, input: Input): readonly Units[] => {
    if (answer instanceof ServiceError) return ofFailure(answer, input, arnOf);
    // The engine reports the consumed capacity, because the call asked for it.
    const { ConsumedCapacity } = answer as { readonly ConsumedCapacity?: Consumed | readonly Consumed[] };
    return [ConsumedCapacity ?? []].flat().map((consumed): Units => {
      const { TableName, CapacityUnits = 0, ReadCapacityUnits, WriteCapacityUnits } = consumed;
      const resource = arnOf(tableNameOf(TableName));
      if (ReadCapacityUnits !== undefined || WriteCapacityUnits !== undefined)
        return { resource, read: ReadCapacityUnits ?? 0, write: WriteCapacityUnits ?? 0 };
      return { resource, [direction]: CapacityUnits };
    });
  };
