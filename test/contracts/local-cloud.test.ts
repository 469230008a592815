/**
 * The adapters of AWS services also pass their contracts on the local cloud: over the real protocol, with a real
 * queue and machine.
 */
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, vi } from "vitest";
import * as z from "zod";
import { eventBridgeBus } from "../../lib/adapters/eventbridge/bus.ts";
import { schedulerDeadlines } from "../../lib/adapters/scheduler/deadlines.ts";
import { sesMailer } from "../../lib/adapters/ses/mailer.ts";
import { toDelivery } from "../../lib/adapters/sqs/delivery.ts";
import { stepFunctionsEngine } from "../../lib/adapters/stepfunctions/saga-engine.ts";
import { type LocalCloud, localCloud } from "../../lib/local/local-cloud.ts";
import type { RecordedEvent } from "../../lib/model/message.ts";
import type { Deadline } from "../../lib/ports/deadlines.ts";
import type { Delivery } from "../../lib/ports/delivery.ts";
import { type BusUnderTest, busContract } from "../../lib/testing/contracts/bus.ts";
import { type DeadlinesUnderTest, deadlinesContract } from "../../lib/testing/contracts/deadlines.ts";
import { type MailerUnderTest, mailerContract } from "../../lib/testing/contracts/mailer.ts";
import { type SagaEngineUnderTest, sagaEngineContract } from "../../lib/testing/contracts/saga-engine.ts";
import { recordedEvent } from "../../lib/testing/contracts/samples/recorded-event.ts";
import { lambda, logs, reports, role, writeAssembly } from "../local/app.ts";

const waitSeconds = 600;

/** Shorter than the default interval of vi.waitFor, which is a second. */
const patience = { timeout: 50_000 };

/** Its only task reports its token and waits. */
const definition = {
  QueryLanguage: "JSONata",
  StartAt: "Wait",
  States: {
    Wait: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
      Arguments: {
        FunctionName: "${Tell.Arn}",
        Payload: {
          token: "{% $states.context.Task.Token %}",
          sagaId: "{% $states.context.Execution.Input.sagaId %}",
        },
      },
      TimeoutSeconds: waitSeconds,
      End: true,
    },
  },
};

const arn = (id: string) => ({ "Fn::GetAtt": [id, "Arn"] });

const mayDeliver = {
  Effect: "Allow",
  Action: "sqs:SendMessage",
  Resource: arn("Queue"),
  Principal: { Service: "events.amazonaws.com" },
  Condition: { ArnEquals: { "aws:SourceArn": arn("Rule") } },
};

const app = {
  code: { tell: "export const handler = async (event) => console.log(JSON.stringify(event));" },
  Resources: {
    Bus: { Type: "AWS::Events::EventBus", Properties: { Name: "bus" } },
    Rule: {
      Type: "AWS::Events::Rule",
      Properties: {
        EventBusName: { Ref: "Bus" },
        EventPattern: { source: ["shop"] },
        Targets: [{ Id: "Queue", Arn: arn("Queue") }],
      },
    },
    Queue: { Type: "AWS::SQS::Queue", Properties: { QueueName: "queue" } },
    QueuePolicy: {
      Type: "AWS::SQS::QueuePolicy",
      Properties: { Queues: [{ Ref: "Queue" }], PolicyDocument: { Statement: [mayDeliver] } },
    },
    Deadlines: { Type: "AWS::Scheduler::ScheduleGroup", Properties: { Name: "checkout" } },
    DeadlinesRole: role("scheduler.amazonaws.com", { Action: "sqs:SendMessage", Resource: arn("DueQueue") }),
    DueQueue: { Type: "AWS::SQS::Queue", Properties: { QueueName: "due" } },
    Sender: { Type: "AWS::SES::EmailIdentity", Properties: { EmailIdentity: "shop@example.com" } },
    Tell: lambda("tell", "TellRole", { FunctionName: "tell" }),
    TellRole: role("lambda.amazonaws.com", logs),
    Machine: {
      Type: "AWS::StepFunctions::StateMachine",
      Properties: {
        StateMachineName: "checkout",
        DefinitionString: { "Fn::Sub": JSON.stringify(definition) },
        RoleArn: arn("MachineRole"),
      },
    },
    MachineRole: role("states.amazonaws.com", { Action: "lambda:InvokeFunction", Resource: arn("Tell") }),
  },
};

const told = reports();
let cloud: LocalCloud;

beforeAll(async () => {
  cloud = await localCloud({ assembly: writeAssembly(app), port: 0, report: told.report });
});

afterAll(() => cloud?.stop());

const settings = () => ({
  region: "eu-central-1",
  endpoint: cloud.endpoint,
  maxAttempts: 1,
  credentials: cloud.ownerCredentials,
});

/** Receives messages until none has arrived for this time. */
const emptied = async (QueueUrl: string, WaitTimeSeconds: number): Promise<readonly Delivery[]> => {
  const queue = new SQSClient({ ...settings(), useQueueUrlAsEndpoint: false });
  const request = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds });
  const { Messages = [] } = await queue.send(request);
  if (Messages.length === 0) return [];
  for (const { ReceiptHandle } of Messages)
    await queue.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  const deliveries = Messages.map(({ MessageId: id = "", Body: body = "" }) =>
    toDelivery({ id, receiveCount: 1, body }),
  );
  return [...deliveries, ...(await emptied(QueueUrl, WaitTimeSeconds))];
};

busContract("of EventBridge on the local cloud", async (): Promise<BusUnderTest> => {
  const reachable = new EventBridgeClient(settings());
  const nowhere = new EventBridgeClient({ ...settings(), endpoint: "http://127.0.0.1:9" });
  let client = reachable;

  const received = async (): Promise<readonly RecordedEvent[]> =>
    (await emptied("queue", 1)).flatMap((delivery) => (delivery.kind === "event" ? [delivery.event] : []));

  return {
    bus: { publish: (events) => eventBridgeBus(client, { busName: "bus", source: "shop" }).publish(events) },
    received,
    refused: recordedEvent(99, { padding: "x".repeat(1024 * 1024) }),
    cutOff: () => {
      client = nowhere;
    },
  };
});

const mailbox = z.object({
  messages: z.array(z.object({ to: z.string(), subject: z.string(), text: z.string(), html: z.string() })),
});

mailerContract("of SES on the local cloud", async (): Promise<MailerUnderTest> => {
  const messages = async () =>
    mailbox.parse(await (await fetch(`${cloud.url}/_local/mailbox`)).json()).messages;
  const before = (await messages()).length;
  return {
    mailer: sesMailer(new SESv2Client(settings()), { from: () => "shop@example.com" }),
    taken: async () => (await messages()).slice(before),
  };
});

sagaEngineContract("of Step Functions on the local cloud", async (): Promise<SagaEngineUnderTest> => {
  const client = new SFNClient(settings());
  const stateMachineArn = cloud.resources.find(({ id }) => id === "Machine")?.arn ?? "";
  const engine = stepFunctionsEngine(client, { machineOf: () => stateMachineArn });
  const sagaIdByToken = new Map<string, string>();

  const executionsOf = async (sagaId: string) => {
    const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn }));
    const all = executions.map(({ executionArn }) =>
      client.send(new DescribeExecutionCommand({ executionArn })),
    );
    return (await Promise.all(all)).filter(({ input = "" }) => JSON.parse(input).sagaId === sagaId);
  };
  const statusOf = async (token: string) =>
    (await executionsOf(sagaIdByToken.get(token) ?? ""))[0]?.status ?? "unknown";

  return {
    engine,
    executionsFor: async (sagaId) => (await executionsOf(sagaId)).length,
    end: async (sagaId) => {
      for (const { executionArn } of await executionsOf(sagaId))
        await client.send(new StopExecutionCommand({ executionArn }));
    },
    waiting: async () => {
      const sagaId = `checkout/waits-${told.all.length}`;
      await engine.start("checkout", sagaId, sagaId);
      const token = await vi.waitFor(() => {
        const found = told.all.find(({ fields }) => fields?.sagaId === sagaId);
        if (!found) throw new Error(`the task of ${sagaId} has not reported its token`);
        return `${found.fields?.token}`;
      }, patience);
      sagaIdByToken.set(token, sagaId);
      return token;
    },
    stopWaiting: async (token) => {
      cloud.advance(waitSeconds + 1);
      await vi.waitFor(async () => {
        if ((await statusOf(token)) === "RUNNING") throw new Error("it still waits");
      }, patience);
    },
    outcomeOf: async (token) => {
      const status = await statusOf(token);
      if (status === "RUNNING") return undefined;
      return status === "SUCCEEDED" ? "succeeded" : "failed";
    },
  };
});

const due: Deadline[] = [];

deadlinesContract("of the Scheduler on the local cloud", async (): Promise<DeadlinesUnderTest> => {
  const arnOf = (id: string) => cloud.resources.find((resource) => resource.id === id)?.arn ?? "";
  const { now } = cloud.clock;
  const deadlines = schedulerDeadlines(
    new SchedulerClient(settings()),
    {
      groupName: "checkout",
      roleArn: arnOf("DeadlinesRole"),
      queueArn: arnOf("DueQueue"),
      deadLettersArn: arnOf("DueQueue"),
      retry: { attemptsMax: 185, ageSecondsMax: 86_400 },
    },
    { clock: () => new Date(now()) },
  );
  return {
    deadlines,
    now,
    pass: async (seconds) => cloud.advance(seconds),
    delivered: async () => {
      for (const delivery of await emptied("due", 0)) if (delivery.kind === "deadline") due.push(delivery);
      return due;
    },
  };
});
