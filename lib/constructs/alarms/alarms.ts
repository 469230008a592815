/**
 * Makes the alarms of `rows.ts`. Each description says what the alarm means, what to do, and with which commands. The
 * commands have the names of this stack, so that they can be copied from a notification.
 */
import { CfnOutput, Duration, Lazy, Stack } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { type Kind, type KindName, kinds, type Names, type Row, sentences } from "./rows.ts";

/** The output with the name of the function that `eventfold operate` invokes. */
export const operateOutput = "OperateFunction";

/** Alarms are made before that function, so its name is looked up during synthesis. */
const operateFunction = (scope: Construct): string =>
  Lazy.string({
    produce: () => {
      const output = Stack.of(scope).node.tryFindChild(operateOutput);
      if (output instanceof CfnOutput) return output.value;
      throw new Error(`${scope.node.path}: expected an output ${operateOutput} of the stack, got none`);
    },
  });

type Watched = {
  readonly namespace?: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly names: Names;
};

const alarm = (scope: Construct, row: Row, { namespace = "", dimensions, names }: Watched) =>
  new Alarm(scope, `${row.metric}Alarm`, {
    alarmDescription: sentences(row, { ...names, operateFunction: operateFunction(scope) }),
    metric: new Metric({
      namespace,
      metricName: row.metric,
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
  kind: Exclude<KindName, "application" | "account">,
  { name, ...names }: Names & { readonly name: string },
): void => {
  const { namespace, dimension = "", rows }: Kind = kinds[kind];
  for (const row of rows) alarm(scope, row, { namespace, dimensions: { [dimension]: name }, names });
};

/** Adds the alarms on the metrics that the functions of an application emit, and on the limits of the account. */
export const watchApplication = (
  scope: Construct,
  { namespace, ...names }: Names & { readonly namespace: string },
): void => {
  const application = `${Stack.of(scope).stackName}-${scope.node.id}`;
  for (const row of kinds.application.rows)
    alarm(scope, row, { namespace, dimensions: {}, names: { ...names, application } });
  const { namespace: ofLambda, rows } = kinds.account;
  for (const row of rows) alarm(scope, row, { namespace: ofLambda, dimensions: {}, names });
};
