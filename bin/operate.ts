/** `eventfold operate`: what operators do, through the one function that has the rights for it. */
import { operationAnswer } from "../lib/model/operations/answer.ts";
import { answer, exitCodes, fail, misused } from "./command-line.ts";
import { invoke } from "./operate/invoke.ts";
import { help, usage } from "./operate/usage.ts";
import { wordsOf } from "./operate/words.ts";

/** The errors of the AWS SDK are known by their names. */
const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return `${error}`;
  return error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
};

const given = usage(process.argv.slice(2));
if (given.kind === "wrong") misused(given.because, help);
else if (given.kind === "help") process.stdout.write(help);
else {
  const { operation, place } = given;
  const { text, done, document } = await invoke(place, operation)
    .then((answered) => ({ ...wordsOf(operation, answered), document: operationAnswer.parse(answered) }))
    .catch((error: unknown) => fail(messageOf(error)));
  answer("operate", text, document);
  process.exitCode = done ? exitCodes.done : exitCodes.refused;
}
