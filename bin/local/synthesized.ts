/** What `npm start` needs of the application, from a process that ends before anything else starts. */
import { fork } from "node:child_process";
import { extname, join } from "node:path";
import * as z from "zod";

const answer = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("synthesized"),
    /** The folder of the cloud assembly. */
    assembly: z.string(),
    /** The stack of the application. */
    stack: z.string(),
    /** The names of the application's sagas. */
    sagas: z.array(z.string()),
    /** What to print for people, with `urlPlace` for the URL. */
    guide: z.string(),
  }),
  z.object({ kind: z.literal("refused"), because: z.string() }),
]);

export type Answer = z.output<typeof answer>;
type Synthesized = Extract<Answer, { kind: "synthesized" }>;

export const urlPlace = "http://url-of-the-api";

/** Compiled or not, it is beside this file. */
const program = join(import.meta.dirname, `synthesis${extname(import.meta.filename)}`);

/** Rejects with the message of the process if the application cannot be synthesized. */
export const synthesized = (context: Readonly<Record<string, unknown>>): Promise<Synthesized> =>
  new Promise((resolve, reject) => {
    const child = fork(program, {
      // The application is TypeScript, also for the commands of the package, which are not.
      execArgv: ["--import", import.meta.resolve("tsx")],
      // Only this process writes to stdout.
      stdio: ["ignore", 2, 2, "ipc"],
    });
    child.once("error", reject);
    child.once("message", (message) => {
      const given = answer.parse(message);
      if (given.kind === "synthesized") resolve(given);
      else reject(new Error(given.because));
    });
    child.once("exit", (code, signal) =>
      reject(new Error(`the synthesis ended with ${signal ?? code} and without an answer`)),
    );
    child.send(context);
  });
