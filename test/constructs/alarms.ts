/** The alarms of a template, each with the function that it is about and the faults that it reports. */
import * as z from "zod";
import { kinds } from "../../lib/constructs/alarms/rows.ts";

const reference = z.union([
  z.object({ Ref: z.string() }).transform(({ Ref }) => Ref),
  z.object({ "Fn::GetAtt": z.tuple([z.string(), z.string()]) }).transform((value) => value["Fn::GetAtt"][0]),
]);

const resources = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});

/** Each reference in the description is `NAME`. */
const description = z.union([
  z.string(),
  z
    .object({ "Fn::Join": z.tuple([z.literal(""), z.array(z.unknown())]) })
    .transform(({ "Fn::Join": [, parts] }) =>
      parts.map((part) => (typeof part === "string" ? part : "NAME")).join(""),
    ),
]);

const alarm = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: reference })).default([]),
  AlarmDescription: description,
  AlarmActions: z.array(z.unknown()).default([]),
  OKActions: z.array(z.unknown()).default([]),
});

const mapping = z.object({ EventSourceArn: reference, FunctionName: reference });
const queue = z.object({ RedrivePolicy: z.object({ deadLetterTargetArn: reference }) });

type Resources = z.output<typeof resources>["Resources"];

const ofType = (all: Resources, type: string): readonly (readonly [id: string, properties: unknown])[] =>
  Object.entries(all).flatMap(([id, { Type, Properties }]) => (Type === type ? [[id, Properties]] : []));

/** The functions that read from each mapping, queue and dead-letter queue, by the logical id of the latter. */
const functionsBehind = (all: Resources): ReadonlyMap<string, string> => {
  const behind = new Map<string, string>();
  for (const [id, properties] of ofType(all, "AWS::Lambda::EventSourceMapping")) {
    const read = mapping.safeParse(properties);
    if (!read.success) continue;
    behind.set(id, read.data.FunctionName);
    behind.set(read.data.EventSourceArn, read.data.FunctionName);
  }
  for (const [id, properties] of ofType(all, "AWS::SQS::Queue")) {
    const redriven = queue.safeParse(properties);
    const reader = behind.get(id);
    if (redriven.success && reader) behind.set(redriven.data.RedrivePolicy.deadLetterTargetArn, reader);
  }
  return behind;
};

const everyRow = Object.values(kinds).flatMap(({ rows }) => rows);

const faultsOf = (metric: string): readonly string[] =>
  everyRow.find((row) => row.metric === metric)?.reports ?? [`no row of rows.ts has the metric ${metric}`];

/** `of` is the logical id of the function, or `application` for an alarm without dimensions. */
export const alarmsIn = (template: unknown) => {
  const { Resources } = resources.parse(template);
  const behind = functionsBehind(Resources);
  return ofType(Resources, "AWS::CloudWatch::Alarm").map(([id, properties]) => {
    const { Namespace, MetricName, Dimensions, AlarmDescription, AlarmActions, OKActions } =
      alarm.parse(properties);
    const [of = "application"] = Dimensions.map(({ Value }) => behind.get(Value) ?? Value);
    return {
      id,
      of,
      metric: [Namespace, MetricName, ...Dimensions.map(({ Name, Value }) => `${Name}=${Value}`)].join(" "),
      faults: faultsOf(MetricName),
      description: AlarmDescription,
      actions: { alarm: AlarmActions, ok: OKActions },
    };
  });
};

export const functionsIn = (template: unknown): readonly string[] =>
  ofType(resources.parse(template).Resources, "AWS::Lambda::Function").map(([id]) => id);

/** The commands that a description names. */
export const commandsIn = (description: string): readonly string[] =>
  (description.split(" Run: ")[1] ?? "").split("; then: ");
