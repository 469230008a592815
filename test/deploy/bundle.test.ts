import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { bundle } from "../../lib/deploy/bundle.ts";

const folder = mkdtempSync(join(tmpdir(), "bundle-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const noChoice = { chosen: [], modules: {} };

test("each file becomes a separate module that runs here and exports its handler", async () => {
  writeFileSync(join(folder, "greet.ts"), "export const handler = (name: string) => `Hello ${name}`;");
  // It contains CommonJS code, and an ES module has no `require` by default.
  writeFileSync(join(folder, "old.cjs"), 'module.exports = require("node:path").basename;');
  writeFileSync(join(folder, "base.ts"), 'import base from "./old.cjs";\nexport const handler = base;');

  const { outputs } = bundle({ lambdas: folder, outdir: join(folder, "out"), ...noChoice });

  expect(Object.keys(outputs)).toHaveLength(2);
  const load = (role: string) => import(pathToFileURL(join(folder, "out", role, "index.mjs")).href);
  expect((await load("greet")).handler("you")).toBe("Hello you");
  expect((await load("base")).handler("/a/b")).toBe("b");
});

const lambdas = join(import.meta.dirname, "../../lambdas");

const library = (name: string): string => join(import.meta.dirname, `../library/lib/${name}.ts`);

/** An application imports the language from the front of the package. Its functions must not carry the rest of it. */
const modules = { "#application": library("application"), "#services": library("services") };

test.each([
  ["ses", /client-sesv2/, /nodemailer/],
  ["smtp", /nodemailer/, /client-sesv2/],
])("with mail by %s, no bundle contains the other mailer", (mail, chosen, other) => {
  const mailing = join(import.meta.dirname, "mailing");
  const { outputs } = bundle({ lambdas: mailing, outdir: join(folder, mail), chosen: [mail], modules: {} });
  const carrying = (part: RegExp) =>
    Object.values(outputs).filter(({ inputs }) =>
      Object.entries(inputs).some(([input, { bytesInOutput }]) => part.test(input) && bytesInOutput > 0),
    ).length;
  expect([carrying(chosen), carrying(other)]).toEqual([1, 0]);
});

test.each([
  ["of this repository", {}],
  ["of the library", modules],
])(
  "the bundles %s contain only the credentials provider of the environment, and are small",
  (name, mapped) => {
    const { outputs } = bundle({ lambdas, outdir: join(folder, name), modules: mapped, chosen: [] });
    const all = Object.values(outputs);
    const inputs = new Set(all.flatMap((output) => Object.keys(output.inputs)));
    expect(inputs.has("lib/adapters/system/credentials.ts")).toBe(true);
    expect([...inputs].filter((file) => /credential-provider|nested-clients/.test(file))).toEqual([]);
    const large = all.filter(({ bytes }) => bytes > 470 * 1024);
    expect(large.map(({ entryPoint, bytes }) => `${entryPoint} ${bytes}`)).toEqual([]);
  },
);

test("a client in a bundle signs with the keys of its environment", async () => {
  const client = join(import.meta.dirname, "../../lib/adapters/dynamodb/client.ts");
  writeFileSync(
    join(folder, "sign.ts"),
    `import { dynamoClient } from ${JSON.stringify(client)};\nexport const handler = dynamoClient().config.credentials;`,
  );
  bundle({ lambdas: folder, outdir: join(folder, "out"), ...noChoice });
  vi.stubEnv("AWS_REGION", "eu-central-1");
  const { handler } = await import(pathToFileURL(join(folder, "out/sign/index.mjs")).href);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "key");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  vi.stubEnv("AWS_SESSION_TOKEN", "token");
  expect(await handler()).toMatchObject({
    accessKeyId: "key",
    secretAccessKey: "secret",
    sessionToken: "token",
  });
});
