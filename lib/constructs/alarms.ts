/**
 * What wakes an operator. To add an alarm, add a row: the metric, the threshold that it must exceed, and why it
 * matters. An alarm has no action of its own; a team routes them where it wants to read them.
 */
import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import type { MetricName } from "./ports.ts";

type Row = {
  readonly metric: string;
  readonly above: number;
  /** How the values of a minute are summed up; they are counts unless said otherwise. */
  readonly statistic?: "Maximum";
  /** Over how long, where it is not a minute: what is counted by a look now and then lasts until the next. */
  readonly minutes?: number;
  readonly why: string;
};

/** Of one thing in particular, or of the whole application. */
type Kind = { readonly namespace?: string; readonly dimension?: string; readonly rows: readonly Row[] };

const kinds = {
  function: {
    namespace: "AWS/Lambda",
    dimension: "FunctionName",
    rows: [
      {
        metric: "Throttles",
        above: 0,
        why: "The account's concurrency is used up: the function does not run.",
      },
    ],
  },
  errors: {
    namespace: "AWS/Lambda",
    dimension: "FunctionName",
    rows: [
      { metric: "Errors", above: 0, why: "A bug, or something that the function needs is out of reach." },
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
        why: "The consumer is a minute behind the events; after 20 hours it gives records up.",
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
        why: "Records were given up and not even kept: republish their streams.",
      },
      {
        metric: "OnFailureDestinationDeliveredEventCount",
        above: 0,
        why: "Records were given up and lie in the failure bucket: republish their streams.",
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
        why: "The consumer does not keep up. A message that fails again and again is counted otherwise: see DeliveryFailing.",
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
        why: "Messages could not be worked off; they are kept for two weeks.",
      },
    ],
  },
  application: {
    rows: [
      { metric: "SagaParked", above: 0, why: "A saga waits for an operator." },
      {
        metric: "SagaDelayed",
        above: 0,
        why: "A task of a saga fails for a bug or an outage, or gets no answer; it is tried again, for a day and more.",
      },
      {
        metric: "SagaStuck",
        above: 0,
        minutes: 10,
        why: "A saga waits longer than its step allows: GET /sagas?stuck=true says which, and for what.",
      },
      {
        metric: "StreamParked",
        above: 0,
        why: "A projection cannot take an event; its stream waits for a redrive.",
      },
      {
        // SQS leaves a message that was received three times out of the age of the oldest.
        metric: "DeliveryFailing",
        above: 0,
        why: "An event fails again and again, for a bug or an outage; it becomes a dead letter after a day.",
      },
      {
        metric: "ForeignEventRejected",
        above: 0,
        why: "The business refuses what another system says has happened: settle it with them, its stream says why.",
      },
      {
        metric: "EventChanged",
        above: 0,
        why: "A stored event was changed or removed, which nothing may do: restore the table to the time before.",
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

/** The alarms of one thing of this kind, by the name that AWS counts it under. */
export const watch = (
  scope: Construct,
  kind: Exclude<keyof typeof kinds, "application">,
  name: string,
): void => {
  const { namespace, dimension, rows } = kinds[kind];
  for (const { metric, ...row } of rows)
    alarm(scope, { namespace, name: metric, dimensions: { [dimension]: name } }, row);
};

/** The alarms of what the functions of an application count themselves. */
export const watchApplication = (scope: Construct, namespace: string): void => {
  for (const { metric, ...row } of kinds.application.rows)
    alarm(scope, { namespace, name: metric, dimensions: {} }, row);
};

/** The alarms of executions that ended without an end of their saga. */
export const watchFailures = (scope: Construct, failures: readonly MetricName[]): void => {
  for (const failure of failures)
    alarm(scope, failure, {
      above: 0,
      why: "An execution ended without an end of its saga: an operator resumes it, or where nobody is told of ends another starts.",
    });
};
