/** Synthesizes the application in a separate process, which ends before anything else starts. */
import { fork } from "node:child_process";
import { extname, join } from "node:path";
import * as z from "zod";
import { misused } from "../command-line.ts";

const answer = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("synthesized"),
    /** The folder of the cloud assembly. */
    assembly: z.string(),
    /** The stack of the application. */
    stack: z.string(),
    /** The stored names of the application's sagas. */
    sagas: z.array(z.string()),
    /** Compared with the contract of the version that last ran on the data folder. */
    contract: z.unknown(),
    /** What the start page shows. */
    pages: z.object({
      name: z.string(),
      version: z.string(),
      links: z.array(z.object({ path: z.string(), about: z.string() })).readonly(),
      openapi: z.string().optional(),
      page: z.string().optional(),
    }),
    /** The text to print when the API is ready, with `urlPlace` instead of its URL. */
    guide: z.string(),
  }),
  z.object({ kind: z.literal("refused"), because: z.string() }),
  /** An option names something that the application does not have. */
  z.object({ kind: z.literal("misused"), because: z.string() }),
]);

export type Answer = z.output<typeof answer>;
export type Synthesized = Extract<Answer, { kind: "synthesized" }>;

export const urlPlace = "http://url-of-the-api";

/** It is in the same folder, as .ts or .js. */
const program = join(import.meta.dirname, `synthesis${extname(import.meta.filename)}`);

/** Rejects with the error message of the process if the application cannot be synthesized. */
export const synthesized = (context: Readonly<Record<string, unknown>>): Promise<Synthesized> =>
  new Promise((resolve, reject) => {
    const child = fork(program, {
      // The application is TypeScript, even if this file is the package's JavaScript.
      execArgv: ["--import", import.meta.resolve("tsx")],
      // Its output goes to stderr, because stdout is for the parent's result.
      stdio: ["ignore", 2, 2, "ipc"],
    });
    child.once("error", reject);
    child.once("message", (message) => {
      const given = answer.parse(message);
      if (given.kind === "synthesized") resolve(given);
      else if (given.kind === "misused") misused(given.because);
      else reject(new Error(given.because));
    });
    child.once("exit", (code, signal) =>
      reject(
        new Error(`the process that synthesizes ended without a result (${signal ?? `exit code ${code}`})`),
      ),
    );
    child.send(context);
  });
