/** The help of the commands that run an application, operate it, or compare its versions. */
import { type Help, helpOption, jsonOption } from "./help.ts";

export const startHelp: Help = {
  summary: "runs the stack on this machine",
  usage: "eventfold start [options]",
  about: "Synthesizes the stack and runs its resources on this machine.",
  options: [
    { term: "--port N", about: "the port of the API; 0 takes any free port", default: "3000" },
    { term: "--data DIR", about: "the folder that keeps the data over restarts", default: ".eventfold" },
    {
      term: "--fresh",
      about:
        "empties that folder first, and a broker on this machine. The folder must be new, empty or one that npm start " +
        "made, and not in use. Asks before it deletes data",
    },
    { term: "--yes", about: "answers yes to that question; needed without a terminal" },
    {
      term: "--accept-breaks",
      about:
        "starts although this version of the application cannot continue data that another version has stored in the folder",
    },
    { term: "--dynamodb URL", about: "another DynamoDB endpoint instead of the embedded engine" },
    {
      term: "--bus BUS",
      about: "eventbridge, kafka (at KAFKA_BROKERS) or rabbitmq (at AMQP_URL)",
      default: "eventbridge",
    },
    {
      term: "--saga ENGINE",
      about:
        "step-functions or choreography; NAME=ENGINE for one saga. auto takes choreography for a saga in which no step " +
        "waits, otherwise step-functions",
      default: "auto",
    },
    {
      term: "--cors ORIGIN",
      about: "pages of this origin may call the API; several with commas, or repeat the option",
    },
    {
      term: "--tokens",
      about:
        "requires tokens, as with a token issuer on AWS, and issues them: POST /_local/tokens. Without it, every request is " +
        "accepted",
    },
    { term: "--quiet", about: "prints no live log" },
    {
      ...jsonOption,
      about: "prints one JSON document to stdout once the API answers; the live log goes to stderr",
    },
    helpOption,
  ],
};

export const operateHelp: Help = {
  summary: "for operators: parked sagas and streams, dead letters",
  usage: "eventfold operate COMMAND [options]",
  about: "Lists what needs attention, and repairs it. Each command may be repeated.",
  commands: [
    {
      term: "resume SAGA/ID --how retry|skip",
      about: "continues a parked saga: retries its step, or continues as if the step had succeeded",
    },
    {
      term: "parked",
      about: "lists the parked sagas, and the streams that a read model or the relay cannot follow",
    },
    {
      term: "stuck",
      about:
        "lists the sagas that wait longer than their step allows, each with its last error, and the open instances of " +
        "sagas that the application no longer has",
    },
    {
      term: "redrive PROJECTION STREAM",
      about:
        "applies a parked stream to its read model, from its first event on. PROJECTION is project if the stream is " +
        "parked under that name; it then goes to every read model",
    },
    {
      term: "dead-letters [HANDLER]",
      about:
        "lists the messages that an effect, a saga or a translator could not process, with payload and reason",
    },
    {
      term: "redrive HANDLER [--stream STREAM]",
      about: "gives the dead letters of a handler to it again, in order per stream",
    },
    {
      term: "republish STREAM",
      about:
        "publishes a stream to the bus again, after an outage of more than a day or if the relay has parked the stream",
    },
  ],
  options: [
    { term: "--how HOW", about: "with resume: retry or skip" },
    { term: "--stream STREAM", about: "with redrive HANDLER: only the dead letters of this stream" },
    { term: "--after VERSION", about: "with republish: only commits after this version", default: "0" },
    { term: "--actor NAME", about: "with resume: who decides; recorded in the log and in the stream" },
    { term: "--url URL", about: "the local cloud", default: "http://127.0.0.1:3000" },
    {
      term: "--function NAME",
      about:
        "a deployed function instead: the output OperateFunction of the stack, called with the credentials and the " +
        "region of your shell",
    },
    jsonOption,
    helpOption,
  ],
  example: "npx eventfold operate resume checkout/1 --how retry --actor ada",
};

export const compatHelp: Help = {
  summary: "lists what changed since an earlier version, and what breaks",
  usage: "eventfold compat [options]",
  about:
    "Compares the application with an earlier docs/contract.json, and names the place of each change, and what to do.\n" +
    '"breaking": stored events, rows, running sagas or clients of the earlier version no longer work. "published": ' +
    'subscribers or clients see another shape. "covered": an upcaster reads the stored events. "compatible": nothing ' +
    "stops working.\n" +
    "It compares with the contract of the last tag. Without a tag it takes the commit at which this branch left the default " +
    "branch, or the parent of HEAD. It never takes the file in the work tree. The output names the contract that it took.\n" +
    "A team accepts a change with its reason in docs/compat-acknowledged.json: " +
    '[{ "change": "saga restock: is removed", "because": "its last instance has ended" }]. An accepted change is listed ' +
    "and does not fail the command.\n" +
    "Exit code 0: nothing breaks, or there is nothing to compare with. 1: something breaks and is not accepted, or a file " +
    "cannot be read. 2: wrong usage, or there is nothing to compare with and --require is set.",
  options: [
    {
      term: "--against FILE|REF",
      about: "compares with this file, or with docs/contract.json of this branch, tag or commit",
    },
    { term: "--require", about: "fails a build that has nothing to compare with" },
    {
      term: "--strict",
      about: "published changes fail too; for events with subscribers that you do not release yourself",
    },
    { term: "--all", about: "lists compatible changes too" },
    {
      term: "--write FILE",
      about: "writes the current contract to this file, for --against; compares nothing",
    },
    jsonOption,
    helpOption,
  ],
};
