/**
 * The alarms of an application. Each description says what the alarm means and what to do. To add an alarm, add a row:
 * the metric, the threshold that it must exceed, and the description. Alarms have no actions: a team adds its own.
 */
import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import type { MetricName } from "./ports.ts";

type Row = {
  readonly metric: string;
  readonly above: number;
  /** How the values of a period are combined. The default is the sum, because most metrics are counts. */
  readonly statistic?: "Maximum";
  /** The period. Default: one minute. A metric that is counted every few minutes needs a period longer than that interval. */
  readonly minutes?: number;
  readonly why: string;
};

/** The alarms of one kind of resource, or of the whole application. */
type Kind = { readonly namespace?: string; readonly dimension?: string; readonly rows: readonly Row[] };

const kinds = {
  function: {
    namespace: "AWS/Lambda",
    dimension: "FunctionName",
    rows: [
      {
        metric: "Throttles",
        above: 0,
        why: "The function was not invoked because the account's concurrency is used up. Raise the concurrency limit, or find the function that uses it.",
      },
    ],
  },
  errors: {
    namespace: "AWS/Lambda",
    dimension: "FunctionName",
    rows: [
      {
        metric: "Errors",
        above: 0,
        why: "The function failed: it has a bug, or a service that it needs does not answer. Read its log.",
      },
    ],
  },
  streamConsumer: {
    namespace: "AWS/Lambda",
    dimension: "FunctionName",
    rows: [
      {
        metric: "IteratorAge",
        statistic: "Maximum",
        above: Duration.seconds(60).toMilliseconds(),
        why: "The consumer is more than a minute behind the events. It gives up records after 20 hours. Read its log for errors.",
      },
    ],
  },
  mapping: {
    namespace: "AWS/Lambda",
    dimension: "EventSourceMappingUUID",
    rows: [
      {
        metric: "DroppedEventCount",
        above: 0,
        why: "Records were given up and not stored in the failure bucket. Republish their streams.",
      },
      {
        metric: "OnFailureDestinationDeliveredEventCount",
        above: 0,
        why: "Records were given up and are stored in the failure bucket. Republish their streams.",
      },
    ],
  },
  queue: {
    namespace: "AWS/SQS",
    dimension: "QueueName",
    rows: [
      {
        metric: "ApproximateAgeOfOldestMessage",
        statistic: "Maximum",
        above: Duration.minutes(15).toSeconds(),
        why: "The consumer does not keep up with its queue: look for slow calls or throttling. Messages that fail repeatedly are counted by DeliveryFailing instead.",
      },
    ],
  },
  deadLetters: {
    namespace: "AWS/SQS",
    dimension: "QueueName",
    rows: [
      {
        metric: "ApproximateNumberOfMessagesVisible",
        statistic: "Maximum",
        above: 0,
        why: "Messages could not be processed. They are kept for two weeks: fix the cause, then redrive them.",
      },
    ],
  },
  application: {
    rows: [
      {
        metric: "SagaParked",
        above: 0,
        why: "A saga is parked and waits for an operator. GET /sagas?status=parked lists it with its reason; retry or skip its step.",
      },
      {
        metric: "SagaDelayed",
        above: 0,
        why: "A task of a saga fails because of a bug or an outage, or gets no answer. It is retried for at least a day. Read the log of the saga's function.",
      },
      {
        metric: "SagaStuck",
        above: 0,
        minutes: 10,
        why: "A saga waits longer than its step allows. GET /sagas?stuck=true lists it and the step that it waits for.",
      },
      {
        metric: "StreamParked",
        above: 0,
        why: "A projection cannot process an event, and parked its stream. Fix the cause, then redrive the stream.",
      },
      {
        // ApproximateAgeOfOldestMessage ignores a message that was received three times.
        metric: "DeliveryFailing",
        above: 0,
        why: "An event fails repeatedly, because of a bug or an outage. It becomes a dead letter after a day. Read the log of the handler.",
      },
      {
        metric: "ForeignEventRejected",
        above: 0,
        why: "The business rejected an event of another system. The reason is in the stream; agree with the other system how to correct it.",
      },
      {
        metric: "EventChanged",
        above: 0,
        why: "A stored event was changed or removed. Restore the table to a point in time before the change.",
      },
    ],
  },
} as const satisfies Readonly<Record<string, Kind>>;

const alarm = (scope: Construct, { namespace, name, dimensions }: MetricName, row: Omit<Row, "metric">) =>
  new Alarm(scope, `${name}Alarm`, {
    alarmDescription: row.why,
    metric: new Metric({
      namespace,
      metricName: name,
      dimensionsMap: { ...dimensions },
      statistic: row.statistic ?? Stats.SUM,
      period: Duration.minutes(row.minutes ?? 1),
    }),
    threshold: row.above,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

/** Adds the alarms of one resource. `name` is its value of the metric's dimension, such as the function's name. */
export const watch = (
  scope: Construct,
  kind: Exclude<keyof typeof kinds, "application">,
  name: string,
): void => {
  const { namespace, dimension, rows } = kinds[kind];
  for (const { metric, ...row } of rows)
    alarm(scope, { namespace, name: metric, dimensions: { [dimension]: name } }, row);
};

/** Adds the alarms on the metrics that the functions of an application emit. */
export const watchApplication = (scope: Construct, namespace: string): void => {
  for (const { metric, ...row } of kinds.application.rows)
    alarm(scope, { namespace, name: metric, dimensions: {} }, row);
};

/** Adds an alarm for executions that ended while their saga had not. */
export const watchFailures = (scope: Construct, failures: readonly MetricName[]): void => {
  for (const failure of failures)
    alarm(scope, failure, {
      above: 0,
      why: "An execution ended before its saga did. With standard executions, resume the saga; with Express, another execution starts automatically.",
    });
};

/** The alarms of each kind, for people. */
const watched: Readonly<Record<keyof typeof kinds, readonly [of: string, rows: readonly Row[]]>> = {
  application: ["the application", kinds.application.rows],
  streamConsumer: ["the two readers of the event table", kinds.streamConsumer.rows],
  mapping: ["the mappings of these readers", kinds.mapping.rows],
  queue: ["each queue", kinds.queue.rows],
  deadLetters: ["each dead-letter queue", kinds.deadLetters.rows],
  function: ["each function", kinds.function.rows],
  errors: ["each function that does not answer by errors", kinds.errors.rows],
};

/** A Markdown table of the alarms, without those of the executions of sagas. */
export const alarmsTable = (): string => {
  const rows = Object.values(watched).flatMap(([of, ofKind]) =>
    ofKind.map(({ metric, above, why }) => `| \`${metric}\` | ${of} | ${above} | ${why} |`),
  );
  return ["| metric | of | above | why |", "| --- | --- | ---: | --- |", ...rows].join("\n");
};
