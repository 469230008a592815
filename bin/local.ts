/** `eventfold start`, here `npm start`: parses its options first, and loads everything else only if they are valid. */
import { fail, messageOf } from "./command-line.ts";
import { startOptions } from "./local/options.ts";

const start = async () => {
  const given = startOptions();
  const { run } = await import("./local/run.ts");
  await run(given);
};

await start().catch((error: unknown) => fail(messageOf(error)));
