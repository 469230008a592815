/** The shells of a reader: one in the folder of the application, and one for requests while it runs. */
import { setTimeout } from "node:timers/promises";
import { sh, whileStarted } from "../../new/application.ts";

type Server = { readonly url: string; readonly stop: () => Promise<void> };

/** Starts the application. It runs until `stop`. */
const startIn = (folder: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const ended = whileStarted(
      folder,
      (printed) =>
        new Promise((end) => {
          const stop = () => {
            end();
            return ended;
          };
          resolve({ url: /^ready (\S+)$/m.exec(printed)?.[1] ?? "", stop });
        }),
    );
    ended.catch(reject);
  });

/** What follows a request comes after its answer: a row, a step, a mail. */
const patienceMilliseconds = 30_000;

const pattern = (line: string): RegExp =>
  new RegExp(
    line
      .split("…")
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*"),
  );

/** What a page shows after a command: `…` is any text. */
const isAsShown = (output: string, shown: readonly string[]): boolean =>
  shown.every((line) => pattern(line).test(output));

export type Shell = {
  /** Runs a line. The output must have each of the shown lines. */
  readonly run: (line: string, shown: readonly string[]) => Promise<void>;
  readonly folder: () => string;
  readonly stop: () => Promise<void>;
};

/** `outside` is where a page says `..`. */
export const shellIn = (root: string, outside: string): Shell => {
  let folder = root;
  let server: Server | undefined;

  const stop = async () => {
    await server?.stop();
    server = undefined;
  };

  const request = async (line: string, shown: readonly string[]): Promise<string> => {
    if (!server) throw new Error(`${line}: the page has not started the application`);
    const sent = line.replaceAll("http://127.0.0.1:3000", server.url);
    const deadline = performance.now() + patienceMilliseconds;
    for (;;) {
      const output = await sh(`${sent} -s`, folder);
      if (isAsShown(output, shown) || performance.now() > deadline) return output;
      await setTimeout(200);
    }
  };

  const output = async (line: string, shown: readonly string[]): Promise<string> => {
    if (line.startsWith("curl ")) return request(line, shown);
    await stop();
    if (line === "npm start") {
      server = await startIn(folder);
      return "";
    }
    const here = line.replaceAll("../", `${outside}/`);
    if (!line.startsWith("cd ")) return sh(here, folder);
    folder = here.slice("cd ".length);
    return "";
  };

  return {
    folder: () => folder,
    stop,
    run: async (line, shown) => {
      const said = await output(line, shown);
      if (!isAsShown(said, shown)) throw new Error(`${line}: expected\n${shown.join("\n")}\ngot\n${said}`);
    },
  };
};
