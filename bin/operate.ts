/** `npm run operate`: what operators do, through the one function that has the rights for it. */
import { fail } from "./command-line.ts";
import { invoke } from "./operate/invoke.ts";
import { help, usage } from "./operate/usage.ts";
import { wordsOf } from "./operate/words.ts";

/** The errors of the AWS SDK are known by their names. */
const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return `${error}`;
  return error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
};

const given = usage(process.argv.slice(2));
if (given.kind === "wrong") fail(`${given.because}\n\n${help.trimEnd()}`);
else if (given.kind === "help") process.stdout.write(help);
else {
  const { operation, place } = given;
  const words = await invoke(place, operation)
    .then((answer) => wordsOf(operation, answer))
    .catch((error: unknown) => fail(messageOf(error)));
  process.stdout.write(words.text);
  process.exitCode = words.done ? 0 : 1;
}
