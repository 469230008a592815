/**
 * One Lambda function with its log group and its role. The role has exactly the statements of the bindings, and CDK adds
 * none.
 */
import { Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import {
  CfnPolicy,
  Role as ExecutionRole,
  PolicyDocument,
  PolicyStatement,
  ServicePrincipal,
} from "aws-cdk-lib/aws-iam";
import { Architecture, type Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { watch } from "./alarms/alarms.ts";
import { acknowledge, type Reasons } from "./findings/acknowledge.ts";
import { acknowledgeWildcards } from "./findings/wildcards.ts";
import { type LogLevel, loggingAt } from "./observability/log-level.ts";
import { tracingOf } from "./observability/tracing.ts";
import type { Binding, Statement, Tracing } from "./ports.ts";
import { needsOf, type Role } from "./roles.ts";

/** The settings that all functions of a deployment share. */
export type Deployment = {
  readonly code: (role: Role) => Code;
  readonly logLevel: LogLevel;
  readonly tracing: Tracing;
};

/** The role of the function and what it may use. */
export type FunctionOptions = {
  readonly role: Role;
  readonly deployment: Deployment;
  readonly bindings: readonly Binding[];
  /** Default: the timeout of its role. */
  readonly timeoutSeconds?: number;
};

const accepted: Reasons = {
  "Serverless-LambdaDLQ":
    "Such a queue is for asynchronous invocations only. API Gateway, state machines and event source mappings wait for the result; the mappings have their own dead letters. The schedule of the inspection needs none: its next run looks again.",
};

/** The policy with these statements. */
export const policyOf = (statements: readonly Statement[]): PolicyDocument =>
  new PolicyDocument({
    statements: statements.map(
      ({ actions, resources }) => new PolicyStatement({ actions: [...actions], resources: [...resources] }),
    ),
  });

/** A function with its log group and its role. */
export class ApplicationFunction extends Construct {
  readonly arn: string;
  readonly name: string;
  /** The name of its log group. */
  readonly logs: string;
  private readonly executionRole: ExecutionRole;

  constructor(scope: Construct, id: string, { role, deployment, bindings, timeoutSeconds }: FunctionOptions) {
    super(scope, id);
    const { memoryMegabytes, errorsAreReported, onlyFailuresAreLogged, ...usual } = needsOf(role);
    const { tracing, ...traced } = tracingOf(deployment.tracing);
    const logs = new LogGroup(this, "Logs", {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const statements = [
      { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [logs.logGroupArn] },
      ...traced.statements,
      ...bindings.flatMap((binding) => binding.statements),
    ];
    this.executionRole = new ExecutionRole(this, "Role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      inlinePolicies: { Needs: policyOf(statements) },
    });
    const lambda = new LambdaFunction(this, "Function", {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: "index.handler",
      code: deployment.code(role),
      memorySize: memoryMegabytes,
      timeout: Duration.seconds(timeoutSeconds ?? usual.timeoutSeconds),
      environment: Object.assign({}, ...bindings.map(({ environment }) => environment)),
      role: this.executionRole.withoutPolicyUpdates(),
      logGroup: logs,
      tracing,
      ...loggingAt(deployment.logLevel, { onlyFailuresAreLogged }),
    });
    acknowledge(this, { ...accepted, ...traced.accepted });
    acknowledgeWildcards(this, statements);
    this.arn = lambda.functionArn;
    this.name = lambda.functionName;
    this.logs = logs.logGroupName;
    if (!errorsAreReported) watch(this, "errors", { name: this.name, logGroup: this.logs });
  }

  /** Grants rights on a resource that depends on this function, which a statement of the role itself would make a cycle. */
  allow(id: string, statements: readonly Statement[]): void {
    new CfnPolicy(this, id, {
      policyName: `${Stack.of(this).stackName}-${this.node.id}-${id}`,
      policyDocument: policyOf(statements),
      roles: [this.executionRole.roleName],
    });
  }
}
