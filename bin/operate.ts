/** `eventfold operate`: runs operations through the one function that has the rights for them. */
import { operationAnswer } from "../lib/model/operations/answer.ts";
import { answer, exitCodes, fail, misused } from "./command-line.ts";
import { invoke } from "./operate/invoke.ts";
import { help, usage } from "./operate/usage.ts";
import { wordsOf } from "./operate/words.ts";

/** The name of an AWS SDK error is more specific than its message. */
const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return `${error}`;
  return error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
};

const given = usage(process.argv.slice(2));
if (given.kind === "wrong") misused(given.because);
else if (given.kind === "help") process.stdout.write(help);
else {
  const { operation, place } = given;
  const { text, done, document } = await invoke(place, operation)
    .then((answered) => ({ ...wordsOf(operation, answered), document: operationAnswer.parse(answered) }))
    .catch((error: unknown) => fail(messageOf(error)));
  answer("operate", text, document);
  process.exitCode = done ? exitCodes.done : exitCodes.refused;
}
