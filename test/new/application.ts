/** An application outside this repository: its lines run in a shell as its team types them. */
import { spawn } from "node:child_process";
import { once } from "node:events";

/** Without the variables of `npm run`, because an inner npm would take the folder of the outer npm from them. */
const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$)/.test(name)));

const shell = (line: string, folder: string) => {
  const child = spawn("sh", ["-c", line], {
    cwd: folder,
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
    // A separate process group, because npm starts a shell, and the shell starts Node.
    detached: true,
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => chunks.push(text));
  return { child, said: () => chunks.join("") };
};

/** Returns the output of the line. Rejects with the output if the exit code is not 0. */
export const sh = async (line: string, folder: string): Promise<string> => {
  const { child, said } = shell(line, folder);
  const [code] = await once(child, "close");
  if (code === 0) return said();
  throw new Error(`${line} ended with ${code} in ${folder}:\n${said()}`);
};

/** Runs the application while `use` runs. `use` gets the output of the application up to its ready line. */
export const whileStarted = async (
  folder: string,
  use: (printed: string) => Promise<void>,
): Promise<void> => {
  const { child, said } = shell("npm start -- --port 0", folder);
  const ended = once(child, "close");
  const printed = new Promise<string>((resolve, reject) => {
    child.stdout.on("data", () => {
      if (/^ready [\s\S]*Ctrl-C/m.test(said())) resolve(said());
    });
    void ended.then(() => reject(new Error(`npm start ended in ${folder}:\n${said()}`)));
  });
  try {
    await use(await printed);
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGTERM");
    await ended;
  }
};
