/**
 * The JSON document of each command. docs/json has the same as JSON Schema; test/bin/json.test.ts compares the two, and
 * checks the output of the commands.
 */
import * as z from "zod";
import { operationAnswer } from "../../lib/model/operations/answer.ts";

const names = z.array(z.string()).readonly();

/** Every command: exit code 1 if it refused or failed, 2 for wrong usage. */
const error = z.object({ kind: z.literal("error"), message: z.string() });

const written = z.object({
  kind: z.literal("written"),
  written: names.describe("the written files or parts of files"),
});

/** To add a command, add a row. */
export const shapes = {
  new: z.union([
    z.object({
      kind: z.literal("made"),
      name: z.string().describe("the name of the application"),
      folder: z.string(),
      files: names.describe("paths relative to the folder"),
      next: names.describe("the commands to run next"),
    }),
    error,
  ]),
  start: z.union([
    z.object({
      kind: z.literal("ready"),
      url: z.url().describe("the URL of the API"),
      endpoint: z.url().describe("the endpoint of the local AWS APIs"),
      memoryMegabytes: z
        .int()
        .describe("the peak memory of the process until now, without the DynamoDB engine"),
      access: z.union([
        z.object({ kind: z.literal("open").describe("every request is accepted") }),
        z.object({
          kind: z.literal("tokens"),
          tokens: z.url().describe("POST a subject and scopes to this URL to get a token"),
          issuer: z.string(),
          audience: z.string(),
          scopes: names.describe("the scopes that routes ask for"),
        }),
      ]),
      warnings: names,
    }),
    error,
  ]),
  synth: z.union([
    z.object({
      kind: z.literal("synthesized"),
      assembly: z.string().describe("the folder of the cloud assembly"),
      stack: z.string().describe("the stack of the application"),
      notices: names.describe("what a person should know before a deployment; on stderr as well"),
    }),
    error,
  ]),
  operate: z.union([operationAnswer, error]),
  document: z.union([
    written,
    z.object({
      kind: z.literal("checked"),
      stale: names.describe("the stale documents and parts; exit code 1 if there are any"),
    }),
    error,
  ]),
  compat: z.union([
    z.object({
      kind: z.literal("compared"),
      with: z.string().describe("the earlier contract: a file, a tag or a commit"),
      breaks: names.describe("the changes that fail the command; exit code 1 if there are any"),
      changes: z
        .array(
          z.object({
            kind: z.enum(["breaking", "published", "covered", "compatible"]),
            part: z.string().describe("the part of the contract"),
            name: z.string().describe("the entry in that part"),
            version: z.string().optional().describe("the version of an event that may be stored"),
            what: z.string(),
            advice: z.string().optional().describe("what to do"),
            acknowledged: z.string().optional().describe("the reason why the change was accepted"),
          }),
        )
        .readonly(),
      stale: names.describe("acknowledgements of changes that did not happen"),
    }),
    z
      .object({ kind: z.literal("nothing-to-compare"), because: z.string() })
      .describe("exit code 2 with --require, otherwise 0"),
    written,
    error,
  ]),
  provision: z.union([
    z.object({
      kind: z.literal("provisioned"),
      bus: z.enum(["kafka", "rabbitmq"]),
      names: names.describe("the topics of Kafka or the queues of RabbitMQ"),
    }),
    error,
  ]),
} as const;

export type Shapes = { readonly [Command in keyof typeof shapes]: z.input<(typeof shapes)[Command]> };
