/** What the alarms of an application cost, by bus. They are counted in the stack that would be deployed. */
import { App, Stack } from "aws-cdk-lib";
import { AlarmBase } from "aws-cdk-lib/aws-cloudwatch";
import { Code } from "aws-cdk-lib/aws-lambda";
import { EventSourcedApplication } from "../../lib/constructs/event-sourced-application.ts";
import { contextOf } from "../../lib/deploy/context/context.ts";
import type { Project } from "../../lib/deploy/stacks.ts";
import { technologiesOn } from "../../lib/deploy/technologies.ts";

/** The list price of a month in us-east-1 for an alarm whose period is a minute or longer. Verify it before a decision depends on it. */
const price = { dollars: 0.1, source: "https://aws.amazon.com/cloudwatch/pricing/" } as const;

const buses = [
  { name: "EventBridge", context: {} },
  { name: "Kafka", context: { bus: "kafka", kafka: "kafka.example.com:9092" } },
  { name: "RabbitMQ", context: { bus: "rabbitmq", rabbitmqBroker: "create" } },
] as const;

type Deployed<Services> = Omit<Project<Services>, "root">;

const countOf = <Services>(
  { application, technologies }: Deployed<Services>,
  context: Readonly<Record<string, string>>,
): number => {
  const sagas = application.sagas.map(({ name }) => name);
  const choices = contextOf(context, { sagas, own: technologies.context });
  const stack = new Stack(new App({ analyticsReporting: false }), application.name);
  const code = Code.fromInline("export const handler = () => {}");
  new EventSourcedApplication(stack, "App", {
    application,
    technologies: technologiesOn(technologies, choices),
    code: () => code,
    guard: choices.guard,
  });
  return stack.node.findAll().filter((each) => each instanceof AlarmBase).length;
};

/** A Markdown table with a row for each bus. */
export const alarmCostsTable = <Services>(deployed: Deployed<Services>): string => {
  const rows = buses.map(({ name, context }) => {
    const count = countOf(deployed, context);
    return `| ${name} | ${count} | $${(count * price.dollars).toFixed(2)} |`;
  });
  return [
    "| bus | alarms | per month |",
    "| --- | ---: | ---: |",
    ...rows,
    "",
    `An alarm costs $${price.dollars.toFixed(2)} a month in us-east-1 ([source](${price.source})).`,
  ].join("\n");
};
