import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { DeliveryPolicy } from "../../lib/model/delivery/delivery-policy.ts";
import { application, templateOf } from "../library/fixtures/small-library.ts";
import { loanRequested } from "../library/lib/loans/loan.ts";
import { loanStatus } from "../library/lib/loans/loan-status.ts";
import { sendReminder } from "../library/lib/loans/send-reminder.ts";
import { legible } from "./rights.ts";

const template = templateOf({ kind: "iam" });

const propertiesOf = (type: string): readonly Readonly<Record<string, unknown>>[] =>
  Object.values(
    z
      .record(z.string(), z.object({ Properties: z.record(z.string(), z.unknown()) }))
      .parse(template.findResources(type)),
  ).map(({ Properties }) => Properties);

describe("resources with data", () => {
  /** Not a source of truth: its items expire after a day. */
  const isPassing = (id: string) => /IdempotencyKeys/.test(id);
  const tables = Object.entries(template.findResources("AWS::DynamoDB::GlobalTable"));

  test("the bucket and every table survive their stack", () => {
    const kept = { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" };
    template.allResources("AWS::S3::Bucket", kept);
    for (const [id, table] of tables) if (!isPassing(id)) expect(table).toMatchObject(kept);
  });

  test("the table of idempotency keys is deleted with its stack, has no backup, and its items expire", () => {
    const passing = tables.flatMap(([id, table]) => (isPassing(id) ? [table] : []));
    expect(passing).toMatchObject([
      {
        DeletionPolicy: "Delete",
        Properties: {
          BillingMode: "PAY_PER_REQUEST",
          TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
          Replicas: [
            {
              DeletionProtectionEnabled: false,
              PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
            },
          ],
        },
      },
    ]);
  });

  test("dead letters survive their stack", () => {
    const kept = template.findResources("AWS::SQS::Queue", { DeletionPolicy: "Retain" });
    const all = template.findResources("AWS::SQS::Queue");
    const isForDeadLetters = (id: string) => /DeadLetters/.test(id);
    expect(Object.keys(kept)).toEqual(Object.keys(all).filter(isForDeadLetters));
  });

  test("every table that survives can be restored to any second and cannot be deleted by mistake", () => {
    for (const [id, table] of tables)
      if (!isPassing(id))
        expect(table).toMatchObject({
          Properties: {
            BillingMode: "PAY_PER_REQUEST",
            Replicas: [
              {
                DeletionProtectionEnabled: true,
                PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
              },
            ],
          },
        });
  });

  test("only the table of events has a stream, of new images", () => {
    const streams = propertiesOf("AWS::DynamoDB::GlobalTable").filter((each) => each.StreamSpecification);
    expect(streams).toMatchObject([{ StreamSpecification: { StreamViewType: "NEW_IMAGE" } }]);
  });

  test("the failure bucket is encrypted, private, and its objects expire", () => {
    template.hasResourceProperties("AWS::S3::Bucket", {
      BucketEncryption: Match.anyValue(),
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 90, Status: "Enabled" }] },
    });
  });
});

describe("functions", () => {
  test("run on the newest LTS version of Node and on arm64, and write to a log with a limited retention", () => {
    template.allResourcesProperties("AWS::Lambda::Function", {
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Handler: "index.handler",
      LoggingConfig: { LogGroup: Match.anyValue() },
    });
    template.allResourcesProperties("AWS::Logs::LogGroup", { RetentionInDays: 30 });
  });

  test("of a saga, an effect or a translator know which one they serve", () => {
    for (const variables of [
      { SAGA: "loan-period" },
      { EFFECT: "order-copies" },
      { EFFECT: "send-reminder" },
      { TRANSLATOR: "publisher-deliveries" },
    ])
      template.hasResourceProperties("AWS::Lambda::Function", {
        Environment: { Variables: Match.objectLike(variables) },
      });
  });
});

describe("the stream of events", () => {
  const mappings = propertiesOf("AWS::Lambda::EventSourceMapping").filter((each) => each.StartingPosition);

  test("has exactly two readers", () => {
    expect(mappings.map(({ FunctionName }) => legible(FunctionName)).toSorted()).toEqual([
      "StreamProjectFunction",
      "StreamRelayFunction",
    ]);
  });

  test("is read from its beginning, retried for 20 hours, and records that are given up are stored", () => {
    for (const mapping of mappings)
      expect(mapping).toMatchObject({
        StartingPosition: "TRIM_HORIZON",
        BatchSize: 100,
        ParallelizationFactor: 1,
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
        MaximumRetryAttempts: -1,
        MaximumRecordAgeInSeconds: 72_000,
        MetricsConfig: { Metrics: ["EventCount"] },
        DestinationConfig: { OnFailure: { Destination: expect.anything() } },
      });
  });
});

describe("queues", () => {
  const queues = propertiesOf("AWS::SQS::Queue");
  const consumers = queues.filter((each) => each.RedrivePolicy);

  test("are encrypted and refuse connections without TLS", () => {
    for (const queue of queues) expect(queue).toMatchObject({ SqsManagedSseEnabled: true });
    template.allResourcesProperties("AWS::SQS::QueuePolicy", {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
        ]),
      },
    });
  });

  test("have a visibility timeout of six times the function's timeout, and give a message up after more than 20 hours", () => {
    expect(consumers).toHaveLength(5);
    for (const queue of consumers)
      expect(queue).toMatchObject({ VisibilityTimeout: 180, RedrivePolicy: { maxReceiveCount: 500 } });
  });

  test("each have a dead-letter queue that keeps messages for two weeks", () => {
    const deadLetters = queues.filter((each) => !each.RedrivePolicy);
    expect(deadLetters).toHaveLength(consumers.length);
    for (const queue of deadLetters) expect(queue).toMatchObject({ MessageRetentionPeriod: 1_209_600 });
  });

  test("are processed in batches with partial failures", () => {
    const mappings = propertiesOf("AWS::Lambda::EventSourceMapping").filter((each) => !each.StartingPosition);
    expect(mappings).toHaveLength(consumers.length);
    for (const mapping of mappings)
      expect(mapping).toMatchObject({
        BatchSize: 10,
        MaximumBatchingWindowInSeconds: 0,
        FunctionResponseTypes: ["ReportBatchItemFailures"],
      });
  });
});

describe("the delivery of an effect's events", () => {
  const deliveredBy = (delivery: DeliveryPolicy) =>
    templateOf(
      { kind: "iam" },
      {
        application: { ...application, sagas: [], effects: [{ ...sendReminder, delivery }] },
      },
    );

  test("follows from its delivery policy", () => {
    const slow = deliveredBy({ timeoutSeconds: 100, concurrency: 3, attempts: 7 });
    slow.hasResourceProperties("AWS::Lambda::Function", {
      Timeout: 100,
      Environment: { Variables: Match.objectLike({ EFFECT: "send-reminder" }) },
    });
    slow.hasResourceProperties("AWS::SQS::Queue", {
      VisibilityTimeout: 600,
      RedrivePolicy: { deadLetterTargetArn: Match.anyValue(), maxReceiveCount: 7 },
    });
    slow.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      ScalingConfig: { MaximumConcurrency: 3 },
    });
  });

  test("has the defaults without a policy", () => {
    const usual = deliveredBy({});
    usual.hasResourceProperties("AWS::Lambda::Function", {
      Timeout: 30,
      Environment: { Variables: Match.objectLike({ EFFECT: "send-reminder" }) },
    });
    usual.hasResourceProperties("AWS::SQS::Queue", {
      VisibilityTimeout: 180,
      RedrivePolicy: { deadLetterTargetArn: Match.anyValue(), maxReceiveCount: 500 },
    });
    usual.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      BatchSize: 10,
      ScalingConfig: Match.absent(),
    });
  });
});

describe("rules", () => {
  const noReplay = { source: ["library"], "replay-name": [{ exists: false }] };

  test("deliver to an effect its trigger events", () => {
    template.hasResourceProperties("AWS::Events::Rule", {
      EventPattern: { ...noReplay, "detail-type": ["LoanRequested"] },
    });
  });

  test("deliver to a translator the events of the other system, also replayed ones", () => {
    template.hasResourceProperties("AWS::Events::Rule", {
      EventBusName: Match.anyValue(),
      EventPattern: { source: ["publisher"], "detail-type": ["ParcelDelivered"] },
      Targets: [
        Match.objectLike({
          Arn: {
            "Fn::GetAtt": [Match.stringLikeRegexp("^AppTranslatorsPublisherDeliveriesTranslateQueue"), "Arn"],
          },
        }),
      ],
    });
  });

  test("deliver replays of an archive to read models only", () => {
    template.hasResourceProperties("AWS::Events::Archive", {
      SourceArn: { "Fn::GetAtt": [Match.stringLikeRegexp("^AppBus"), "Arn"] },
      EventPattern: noReplay,
      RetentionDays: 30,
    });
    const ofReplays = propertiesOf("AWS::Events::Rule").filter(({ EventPattern }) =>
      JSON.stringify(EventPattern ?? "").includes('"exists":true'),
    );
    expect(ofReplays).toMatchObject([
      {
        EventPattern: {
          source: ["library"],
          "replay-name": [{ exists: true }],
          "detail-type": Object.keys(loanStatus.on),
        },
        Targets: [{ Arn: { "Fn::GetAtt": [expect.stringMatching(/^AppRepairQueue/), "Arn"] } }],
      },
    ]);
  });

  test("deliver to a saga its start event, outcomes from outside, decisions of operators, and what others caused for it", () => {
    template.hasResourceProperties("AWS::Events::Rule", {
      EventPattern: {
        ...noReplay,
        $or: [
          { "detail-type": ["LoanConfirmed", "BookReturned", "CommandResumed"] },
          {
            detail: {
              sagaid: [{ prefix: "loan-period/" }],
              commandid: [{ "anything-but": { prefix: "loan-period/" } }],
            },
          },
        ],
      },
    });
  });

  test("deliver to a saga the executions that ended before the saga, from the default bus", () => {
    template.hasResourceProperties("AWS::Events::Rule", {
      EventBusName: Match.absent(),
      EventPattern: {
        source: ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        detail: {
          stateMachineArn: [{ "Fn::GetAtt": [Match.stringLikeRegexp("Machine"), "Arn"] }],
          status: ["FAILED", "TIMED_OUT", "ABORTED"],
        },
      },
    });
  });

  test("retry for a day, then store events that could not be delivered", () => {
    const ofEvents = propertiesOf("AWS::Events::Rule").filter(({ EventPattern }) => EventPattern);
    expect(ofEvents).toHaveLength(6);
    for (const { Targets } of ofEvents)
      expect(Targets).toEqual([
        expect.objectContaining({
          DeadLetterConfig: { Arn: expect.anything() },
          RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 },
        }),
      ]);
  });

  test("have one schedule, which starts the check for stuck sagas", () => {
    const ofTheClock = propertiesOf("AWS::Events::Rule").filter(({ EventPattern }) => !EventPattern);
    expect(ofTheClock).toEqual([expect.objectContaining({ ScheduleExpression: "rate(5 minutes)" })]);
    template.hasResourceProperties("AWS::Lambda::Permission", {
      Action: "lambda:InvokeFunction",
      Principal: "events.amazonaws.com",
      SourceArn: { "Fn::GetAtt": [Match.stringLikeRegexp("^AppInspectRule"), "Arn"] },
    });
  });

  test("are the only senders to the queues", () => {
    const senders = propertiesOf("AWS::SQS::QueuePolicy").map(({ PolicyDocument }) =>
      z
        .object({ Statement: z.array(z.looseObject({ Effect: z.string() })) })
        .parse(PolicyDocument)
        .Statement.filter(({ Effect }) => Effect === "Allow"),
    );
    for (const statement of senders.flat())
      expect(statement).toMatchObject({
        Action: "sqs:SendMessage",
        Principal: { Service: "events.amazonaws.com" },
        Condition: { ArnEquals: { "aws:SourceArn": expect.anything() } },
      });
  });
});

test("a state machine is of the type STANDARD and has the compiled definition with the ARN of its function", () => {
  const [machine] = propertiesOf("AWS::StepFunctions::StateMachine");
  const definition: unknown = JSON.parse(legible(machine?.DefinitionString));
  expect(machine?.StateMachineType).toBe("STANDARD");
  expect(definition).toMatchObject({
    QueryLanguage: "JSONata",
    StartAt: "wait-for-return",
    States: { "wait-for-return": { Arguments: { FunctionName: "SagasLoanPeriodTaskFunction" } } },
  });
});

test("every event that an operator must notice has an alarm", () => {
  const names = propertiesOf("AWS::CloudWatch::Alarm").map(({ MetricName }) => `${MetricName}`);
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  expect(counts).toEqual({
    ApproximateAgeOfOldestMessage: 5,
    ApproximateNumberOfMessagesVisible: 5,
    DeliveryFailing: 1,
    DroppedEventCount: 2,
    // Not of the task function of a saga and of the two stream readers: SagaDelayed and IteratorAge report their failures.
    Errors: 10,
    EventChanged: 1,
    ForeignEventRejected: 1,
    IteratorAge: 2,
    OnFailureDestinationDeliveredEventCount: 2,
    RequestFailed: 1,
    SagaDelayed: 1,
    SagaParked: 1,
    SagaStuck: 1,
    StreamParked: 1,
    Throttles: 1,
  });
});

test("the local cloud knows every type of resource", () => {
  const { Resources } = z
    .object({ Resources: z.record(z.string(), z.object({ Type: z.string() })) })
    .parse(template.toJSON());
  expect([...new Set(Object.values(Resources).map(({ Type }) => Type))].toSorted()).toEqual([
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Stage",
    "AWS::CloudWatch::Alarm",
    "AWS::DynamoDB::GlobalTable",
    "AWS::Events::Archive",
    "AWS::Events::EventBus",
    "AWS::Events::Rule",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Lambda::Function",
    "AWS::Lambda::Permission",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::S3::BucketPolicy",
    "AWS::SES::EmailIdentity",
    "AWS::SQS::Queue",
    "AWS::SQS::QueuePolicy",
    "AWS::StepFunctions::StateMachine",
  ]);
});

test("an effect that uses a service which the application does not offer is refused", () => {
  const effects = [
    {
      name: "print",
      on: loanRequested,
      answers: [],
      uses: { printer: true },
      perform: async () => undefined,
    },
  ] as const;
  expect(() => templateOf({ kind: "iam" }, { application: { ...application, effects } })).toThrow(
    "effect print uses service printer: expected one of sms, mailer; add a row for it to the services of the " +
      "application's technologies",
  );
});

test("an application without sagas, effects and translators is synthesized", () => {
  const small = { ...application, effects: [], sagas: [], translators: [] };
  const bare = templateOf({ kind: "iam" }, { application: small });
  bare.resourceCountIs("AWS::StepFunctions::StateMachine", 0);
  // The queue of replays and its dead-letter queue.
  bare.resourceCountIs("AWS::SQS::Queue", 2);
});

test("an application with translators has one inbox table, whose items expire; other applications have none", () => {
  const tablesOf = (translators: typeof application.translators) =>
    Object.keys(
      templateOf({ kind: "iam" }, { application: { ...application, translators } }).findResources(
        "AWS::DynamoDB::GlobalTable",
        { Properties: { TimeToLiveSpecification: { AttributeName: "expires", Enabled: true } } },
      ),
    ).filter((id) => id.startsWith("AppStorageInbox"));
  const [deliveries] = application.translators ?? [];
  if (!deliveries) throw new Error("the library has no translator");
  expect(tablesOf([deliveries, { ...deliveries, name: "others" }])).toHaveLength(1);
  expect(tablesOf([])).toEqual([]);
});
