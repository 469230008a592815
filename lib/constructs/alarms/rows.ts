/**
 * The alarms as data: what each one watches, which faults it reports, and what an operator does. To add an alarm, add a row.
 * A fault is reported by one alarm only, so that one fault sends one message; a test compares the rows with the templates.
 *
 * In a command, `{name}` is filled in when the alarm is made. Words in capitals are for the operator to fill in.
 */
import { Duration } from "aws-cdk-lib";

/** One alarm. */
export type Row = {
  readonly metric: string;
  readonly above: number;
  /** How the values of a period are combined. The default is the sum, because most metrics are counts. */
  readonly statistic?: "Maximum";
  /** The period. Default: one minute. A metric that is counted every few minutes needs a period longer than that interval. */
  readonly minutes?: number;
  /** The faults that this alarm reports. No other alarm of the same resource or of the application reports one of them. */
  readonly reports: readonly string[];
  readonly means: string;
  readonly act: string;
  readonly commands: readonly string[];
};

/** The alarms of one kind of resource. Without a dimension, the metric has the sum over all resources. */
export type Kind = {
  /** What has these alarms, for people. */
  readonly of: string;
  /** Absent for the metrics that the functions of the application emit. Their namespace is the application's own. */
  readonly namespace?: string;
  readonly dimension?: string;
  readonly rows: readonly Row[];
};

const tail = "aws logs tail {logGroup} --since 1h";
const tailOne = "aws logs tail LOG_GROUP --since 1h";
const logsOf = (part: string): string =>
  `aws logs describe-log-groups --log-group-name-prefix {application}${part}`;
const operate = (words: string): string => `npx eventfold operate ${words} --function {operateFunction}`;

const deadLetters = {
  metric: "ApproximateNumberOfMessagesVisible",
  statistic: "Maximum",
  above: 0,
  reports: ["a message was given up"],
  means: "A message could not be processed and is in the dead-letter queue, which keeps it for two weeks.",
} as const;

/** The mapping of a reader of the event table. `repair` is the operation that makes up for records that were given up. */
const mapping = (of: string, repair: string): Kind => ({
  of,
  namespace: "AWS/Lambda",
  dimension: "EventSourceMappingUUID",
  rows: [
    {
      metric: "DroppedEventCount",
      above: 0,
      reports: ["records were given up and are not in the failure bucket"],
      means:
        "Records were given up after 20 hours, and the failure bucket did not accept them. The log of the function names their streams.",
      act: "Repair each stream.",
      commands: [tail, operate(repair)],
    },
    {
      metric: "OnFailureDestinationDeliveredEventCount",
      above: 0,
      reports: ["records were given up and are in the failure bucket"],
      means:
        "Records were given up after 20 hours. The failure bucket has them, with the names of their streams.",
      act: "Repair each stream.",
      commands: ["aws s3 ls s3://{bucket} --recursive", operate(repair)],
    },
  ],
});

/** The alarms by kind of resource. */
export const kinds = {
  application: {
    of: "the application",
    rows: [
      {
        // The function answers 500 itself, so it does not count as failed.
        metric: "RequestFailed",
        above: 0,
        reports: ["a request is answered with 500"],
        means: "A request was answered with 500, because of a bug or because a service does not answer.",
        act: "Read the logs of the functions Command, Query and Resume. The line has the id of the request.",
        commands: [logsOf(""), tailOne],
      },
      {
        metric: "SagaParked",
        above: 0,
        reports: ["a saga waits for an operator", "an execution ended before its saga"],
        means: "A saga is parked: it does nothing until an operator decides.",
        act: "List the parked sagas with their reasons, and retry or skip the step.",
        commands: [operate("parked"), operate("resume SAGA/ID --how retry")],
      },
      {
        metric: "SagaDelayed",
        above: 0,
        reports: ["a task of a saga fails or gets no answer"],
        means:
          "A task of a saga fails because of a bug or an outage, or gets no answer. It is retried for at least a day.",
        act: "Read the log of the saga's functions, and remove the cause.",
        commands: [logsOf("Sagas"), tailOne],
      },
      {
        metric: "SagaStuck",
        above: 0,
        minutes: 10,
        reports: ["a saga is late"],
        means: "A saga waits longer than its step allows.",
        act: "List the late sagas with the last error of each, and remove the cause.",
        commands: [operate("stuck")],
      },
      {
        metric: "StreamParked",
        above: 0,
        reports: ["an event cannot be projected or published"],
        means: "A projection or the bus can never accept an event, and its stream is parked there.",
        act: "List the parked streams and fix the cause. Then redrive the stream of a projection, or republish the stream of the relay.",
        commands: [operate("parked"), operate("redrive PROJECTION STREAM"), operate("republish STREAM")],
      },
      {
        // ApproximateAgeOfOldestMessage ignores a message that was received three times.
        metric: "DeliveryFailing",
        above: 0,
        reports: ["an event fails in its handler again and again"],
        means:
          "A handler fails on the same event repeatedly, because of a bug or an outage. A queue retries the event for a day. A broker has made it a dead letter.",
        act: "Read the log of the handler, and remove the cause. Redrive dead letters.",
        commands: [logsOf(""), tailOne, operate("dead-letters"), operate("redrive HANDLER")],
      },
      {
        metric: "ForeignEventRejected",
        above: 0,
        reports: ["the business rejects an event of another system"],
        means: "A decider rejected an event of another system. The reason is in the log and in the stream.",
        act: "Read the log of the translator, and agree with the other system how to correct it.",
        commands: [logsOf("Translators"), tailOne],
      },
      {
        metric: "EventChanged",
        above: 0,
        reports: ["a stored event was changed or removed"],
        means: "A stored event was changed or removed. The log of the relay names it.",
        act: "Restore the table under another name to a point in time before the change, and compare the event.",
        commands: [
          tail,
          "aws dynamodb restore-table-to-point-in-time --source-table-name {events} --target-table-name TABLE --restore-date-time TIME",
        ],
      },
    ],
  },
  account: {
    of: "all functions of the account and region",
    namespace: "AWS/Lambda",
    rows: [
      {
        metric: "Throttles",
        above: 0,
        reports: ["a function is throttled"],
        means: "A function was not invoked because the concurrency of the account is used up in this region.",
        act: "Compare the limit with what runs, and raise the quota or limit the function that uses most of it.",
        commands: ["aws lambda get-account-settings"],
      },
    ],
  },
  streamReader: {
    of: "the two readers of the event table",
    namespace: "AWS/Lambda",
    dimension: "FunctionName",
    rows: [
      {
        metric: "IteratorAge",
        statistic: "Maximum",
        above: Duration.seconds(60).toMilliseconds(),
        reports: ["the function fails", "events wait for the function"],
        means:
          "The function is more than a minute behind the events: it fails, it is slow, or a service does not answer. Records are given up after 20 hours.",
        act: "Read its log, and remove the cause.",
        commands: [tail],
      },
    ],
  },
  projectMapping: mapping("the mapping of the projections", "redrive project STREAM"),
  relayMapping: mapping("the mapping of the relay", "republish STREAM"),
  queue: {
    of: "each queue",
    namespace: "AWS/SQS",
    dimension: "QueueName",
    rows: [
      {
        metric: "ApproximateAgeOfOldestMessage",
        statistic: "Maximum",
        above: Duration.minutes(15).toSeconds(),
        reports: ["events wait for the function"],
        means: "A message waits for more than 15 minutes: the function is too slow for its queue.",
        act: "Look for slow calls in the log, or raise the concurrency of the handler.",
        commands: ["aws sqs get-queue-attributes --queue-url {queue} --attribute-names All", tail],
      },
    ],
  },
  deadLetters: {
    of: "the dead-letter queue of each handler",
    namespace: "AWS/SQS",
    dimension: "QueueName",
    rows: [
      {
        ...deadLetters,
        act: "List the dead letters with their reasons, fix the cause, and redrive them.",
        commands: [operate("dead-letters {handler}"), operate("redrive {handler}")],
      },
    ],
  },
  replayDeadLetters: {
    of: "the dead-letter queue of replays",
    namespace: "AWS/SQS",
    dimension: "QueueName",
    rows: [
      {
        ...deadLetters,
        act: "Read the log of the function, fix the cause, and move the messages back to their queue.",
        commands: [tail, "aws sqs start-message-move-task --source-arn {deadLetters}"],
      },
    ],
  },
  errors: {
    of: "each function that no other alarm reports",
    namespace: "AWS/Lambda",
    dimension: "FunctionName",
    rows: [
      {
        metric: "Errors",
        above: 0,
        reports: ["the function fails"],
        means: "The function ended without an answer: it cannot start, it crashed, or it took too long.",
        act: "Read its log.",
        commands: [tail],
      },
    ],
  },
} as const satisfies Readonly<Record<string, Kind>>;

/** The name of a kind. */
export type KindName = keyof typeof kinds;

/** The values for the names in braces of the commands. */
export type Names = Readonly<Record<string, string>>;

/** The command with these values. Throws if one is missing. */
export const filled = (command: string, names: Names): string =>
  command.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = names[name];
    if (value === undefined)
      throw new Error(`alarm command ${command}: expected a value for ${name}, got none`);
    return value;
  });

/** `Run: A; then: B`. */
export const sentences = ({ means, act, commands }: Row, names: Names): string =>
  `${means} ${act} Run: ${commands.map((command) => filled(command, names)).join("; then: ")}`;
