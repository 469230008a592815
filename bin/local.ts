/** `eventfold start`, `npm start` here: reads its options, and loads everything else once they are right. */
import { fail, messageOf } from "./command-line.ts";
import { startOptions } from "./local/options.ts";

const start = async () => {
  const given = startOptions();
  const { run } = await import("./local/run.ts");
  await run(given);
};

await start().catch((error: unknown) => fail(messageOf(error)));
