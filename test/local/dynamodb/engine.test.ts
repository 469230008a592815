/** Which engine is chosen on machines with and without its package, its binary in PATH, Java and Maven. */
import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { chooseEngine, engineProgram } from "../../../lib/local/dynamodb/engine/engine.ts";
import { temporaryFolder } from "../app.ts";
import { copyWithoutPackage } from "./without-package.ts";

const copy = copyWithoutPackage(["lib/local", "package.json"]);
afterAll(() => rmSync(copy, { recursive: true }));

writeFileSync(
  join(copy, "choose.ts"),
  `import { chooseEngine } from "./lib/local/dynamodb/engine/engine.ts";
  const { kind } = await chooseEngine(process.env).catch(({ message }) => ({ kind: message }));
  process.stdout.write(kind);`,
);

type Programs = Readonly<Record<string, string>>;

/** A folder for PATH that holds these programs, given as shell scripts. */
const pathOf = (programs: Programs): string => {
  const folder = temporaryFolder();
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
};

/** The engine that is chosen without the package and with nothing else in PATH, or the error message. */
const chosen = (programs: Programs, more: NodeJS.ProcessEnv = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const env = { PATH: pathOf(programs), XDG_CACHE_HOME: temporaryFolder(), ...more };
    const words = ["--import", import.meta.resolve("tsx"), "choose.ts"];
    execFile(process.execPath, words, { cwd: copy, env }, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
  });

const java = (version: string) => ({ java: `echo 'openjdk version "${version}" 2025-04-15' >&2` });
const mvn = { mvn: "exit 0" };
const dynoxide = { dynoxide: "exit 0" };

test("the package has priority over PATH", async () => {
  expect(await chooseEngine({ PATH: pathOf(dynoxide) })).toEqual({
    kind: "dynoxide",
    binary: expect.stringContaining("node_modules/@dynoxide"),
  });
});

test("DYNOXIDE_BIN has priority over the package, and must be a file", async () => {
  const binary = join(pathOf(dynoxide), "dynoxide");
  expect(await chooseEngine({ DYNOXIDE_BIN: binary })).toEqual({ kind: "dynoxide", binary });
  await expect(chooseEngine({ DYNOXIDE_BIN: "/no/such" })).rejects.toThrow(
    "DYNOXIDE_BIN=/no/such: there is no such file",
  );
});

test("without the package, a binary in PATH has priority over Java", async () => {
  expect(await chosen({ ...dynoxide, ...java("17.0.15"), ...mvn })).toBe("dynoxide");
});

test.runIf(process.arch === "x64")(
  "without dynoxide, Java 17 and Maven are enough for DynamoDB Local",
  async () => {
    expect(await chosen({ ...java("17.0.15"), ...mvn })).toBe("dynamodb-local");
    expect(await chosen({ ...java("25"), ...mvn })).toBe("dynamodb-local");
  },
);

test.runIf(process.arch === "x64")("if its jars are cached, DynamoDB Local does not need Maven", async () => {
  const XDG_CACHE_HOME = temporaryFolder();

  mkdirSync(join(XDG_CACHE_HOME, "eventfold", "dynamodb-local-2.5.4"), { recursive: true });
  expect(await chosen(java("17.0.15"), { XDG_CACHE_HOME })).toBe("dynamodb-local");
});

const platform = `${process.platform}-${process.arch}`;

test.runIf(process.arch === "x64").each<readonly [string, Programs, string]>([
  ["no Java", mvn, "PATH has no Java 17 or later"],
  ["an old Java", { ...java("11.0.2"), ...mvn }, "PATH has no Java 17 or later"],
  ["no Maven", java("17.0.15"), "PATH has no Maven, which fetches DynamoDB Local"],
])("with %s, one message lists the ways to get an engine", async (_, programs, because) => {
  expect(
    await chosen(programs),
  ).toBe(`there is no DynamoDB engine for ${platform}. Do one of these and start again:
- cargo install dynoxide-rs; it must be in PATH, or DYNOXIDE_BIN must name it
- docker run -p 127.0.0.1:8000:8000 amazon/dynamodb-local:2.5.4 -jar DynamoDBLocal.jar -sharedDb -dbPath .
  and then npm start -- --dynamodb http://127.0.0.1:8000
- install Java 17 and Maven; npm start then fetches DynamoDB Local, which it cannot do now: ${because}`);
});

test("a folder with the tables of the other engine is refused", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "shared-local-instance.db"), "");
  await expect(engineProgram(folder, () => {}, {})).rejects.toThrow(
    `the data folder ${folder} has tables of DynamoDB Local (shared-local-instance.db), but this start would use dynoxide`,
  );
});
