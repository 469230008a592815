/** The help of the commands that write files or make topics. */
import { type Help, helpOption, jsonOption } from "./help.ts";

export const newHelp: Help = {
  summary: "makes an application in a new folder",
  usage: "eventfold new FOLDER [options]",
  about:
    "Makes an application in a new or empty folder: a decider, a projection, an effect, a test, and this version of " +
    "eventfold as a tarball in vendor. Needs no network.",
  options: [
    {
      term: "--name NAME",
      about: "the name of the application, its stack, its bus and its topics",
      default: "the name of the folder",
    },
    {
      term: "--template TEMPLATE",
      about: "new, a list of tasks, or shop, with sagas, payments and stock",
      default: "new",
    },
    jsonOption,
    helpOption,
  ],
};

export const synthHelp: Help = {
  summary: "writes the CloudFormation template and the bundles",
  usage: "eventfold synth [options]",
  about:
    "Validates the application, and writes its template and the bundles of its functions to a folder for cdk deploy --app.",
  options: [
    {
      term: "-c, --context KEY=VALUE",
      about: "a context key of the deployment, as for cdk; may be repeated",
    },
    { term: "--output DIR", about: "the output folder", default: "cdk.out" },
    jsonOption,
    helpOption,
  ],
};

export const documentHelp: Help = {
  summary: "writes the generated documents",
  usage: "eventfold document [options]",
  about:
    "Writes the documents that are generated from the application: docs/openapi.yaml, docs/asyncapi.yaml, docs/events.md, " +
    "docs/sagas.md if there are sagas, and docs/contract.json, which eventfold compat compares with.\n" +
    "It also writes the parts of README.md and of the pages under docs that are between two markers, lines with the comments " +
    '"begin NAME" and "end NAME". NAME is flow, sagas, saga-NAME with the name of a saga, context-keys, commands, alarms, alarm-costs, local-resources, or a part ' +
    "of the application. Without markers, flow goes to README.md.",
  options: [
    { term: "--check", about: "writes nothing; exit code 1 if a document is stale" },
    jsonOption,
    helpOption,
  ],
};

export const provisionHelp: Help = {
  summary: "makes topics or queues in a broker",
  usage: "eventfold provision --bus kafka|rabbitmq [options]",
  about:
    "Makes the topics of Kafka, or the exchanges and queues of RabbitMQ, that the stack needs. It leaves existing ones as " +
    "they are. The broker is the one of KAFKA_BROKERS (with KAFKA_SECURITY, KAFKA_USERNAME and KAFKA_PASSWORD) or of AMQP_URL.",
  options: [
    { term: "--bus BUS", about: "kafka or rabbitmq" },
    {
      term: "--saga ENGINE",
      about: "the engine of the stack, because the queues of RabbitMQ depend on it",
      default: "step-functions",
    },
    {
      term: "--partitions N",
      about: "partitions of each topic: the limit of concurrent functions per handler",
      default: "12",
    },
    { term: "--replicas N", about: "brokers that keep a copy of each topic", default: "3" },
    jsonOption,
    helpOption,
  ],
};
