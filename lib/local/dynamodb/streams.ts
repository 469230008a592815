/**
 * Streams of tables have the ARNs of the template here, and other ARNs in the engine. Shard iterators contain the ARN
 * of their stream, as on AWS, so that the right to read it can be checked.
 */
import { type Input, type Requirement, ServiceError } from "../service/service.ts";

export type Streams = {
  readonly add: (arn: string, engineArn: string) => void;
  /** The input with the engine's own ARNs. */
  readonly toEngine: (input: Input) => Input;
  /** The answer with the ARNs of the template. `input` is the input of the caller. */
  readonly fromEngine: (answer: Input, input: Input) => Input;
};

/** Splits at the first bar, because an iterator of the engine may contain bars. */
const parted = (iterator: unknown): { readonly arn: string; readonly iterator: string } => {
  const text = String(iterator);
  const bar = text.indexOf("|");
  return { arn: text.slice(0, Math.max(bar, 0)), iterator: text.slice(bar + 1) };
};

const streamOf = ({ StreamArn, ShardIterator }: Input): string =>
  ShardIterator === undefined ? String(StreamArn) : parted(ShardIterator).arn;

export const ofStream =
  (action: string) =>
  (input: Input): readonly Requirement[] => [{ action: `dynamodb:${action}`, resource: streamOf(input) }];

export const streams = (region: string): Streams => {
  const engineArns = new Map<string, string>();

  const iteratorsOf = (arn: string, answer: Input) =>
    Object.fromEntries(
      ["ShardIterator", "NextShardIterator"]
        .filter((name) => typeof answer[name] === "string")
        .map((name) => [name, `${arn}|${answer[name]}`]),
    );

  return {
    add: (arn, engineArn) => void engineArns.set(arn, engineArn),
    toEngine: (input) => {
      const engineArn = engineArns.get(streamOf(input));
      if (engineArn === undefined)
        throw new ServiceError(
          "ResourceNotFoundException",
          `Requested resource not found: Stream: ${streamOf(input)} not found`,
        );
      return input.ShardIterator === undefined
        ? { ...input, StreamArn: engineArn }
        : { ...input, ShardIterator: parted(input.ShardIterator).iterator };
    },
    fromEngine: (answer, input) => {
      const arn = streamOf(input);
      const { StreamDescription, Records } = answer;
      return {
        ...answer,
        ...iteratorsOf(arn, answer),
        ...(typeof StreamDescription === "object" && {
          StreamDescription: { ...StreamDescription, StreamArn: arn, StreamLabel: arn.split("/stream/")[1] },
        }),
        ...(Array.isArray(Records) && {
          Records: Records.map((record) => ({ ...record, awsRegion: region })),
        }),
      };
    },
  };
};
