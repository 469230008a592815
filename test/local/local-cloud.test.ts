/** The whole local cloud: an app from its template to its responses, and what is stored. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type LocalCloud, type LocalCloudOptions, localCloud } from "../../lib/local/local-cloud.ts";
import { freePort } from "../../lib/local/machine/free-port.ts";
import { httpApi, lambda, logs, reports, role, table, temporaryFolder, writeAssembly } from "./app.ts";

const sdk = import.meta.resolve("@aws-sdk/client-dynamodb");

const code = {
  orders: `
    import { DynamoDBClient, DeleteItemCommand, PutItemCommand, GetItemCommand } from "${sdk}";
    const client = new DynamoDBClient();
    const TableName = process.env.TABLE;
    export const handler = async (event) => {
      const { method } = event.requestContext.http;
      const pk = { S: event.pathParameters.id };
      console.log(JSON.stringify({ message: method, correlation_id: pk.S }));
      if (method === "PUT") await client.send(new PutItemCommand({ TableName, Item: { pk, body: { S: event.body } } }));
      if (method === "DELETE") await client.send(new DeleteItemCommand({ TableName, Key: { pk } }));
      const { Item } = await client.send(new GetItemCommand({ TableName, Key: { pk }, ConsistentRead: true }));
      return { statusCode: 200, headers: { "x-time": String(Date.now()) }, body: Item?.body.S ?? "none" };
    };`,
};

const assembly = writeAssembly({
  code,
  Resources: {
    Table: table,
    Role: role("lambda.amazonaws.com", logs, {
      Action: ["dynamodb:PutItem", "dynamodb:GetItem"],
      Resource: { "Fn::GetAtt": ["Table", "Arn"] },
    }),
    Orders: lambda("orders", "Role", {
      Timeout: 10,
      MemorySize: 256,
      Environment: { Variables: { TABLE: { Ref: "Table" } } },
    }),
    Alarm: { Type: "AWS::CloudWatch::Alarm" },
    ...httpApi("Orders", ["ANY /orders/{id}"]),
  },
  Outputs: { Function: { Value: { Ref: "Orders" } } },
});

const start = (more: Partial<LocalCloudOptions> = {}) =>
  localCloud({ assembly, port: 0, report: () => {}, ...more });

test("the tables are ready before anything else starts, and a refusal stops the start", async () => {
  const scanned: unknown[] = [];
  const refused = start({
    onTables: async ({ call, resources }) => {
      const nameOf = (id: string) => resources.find((each) => each.id === id)?.name;
      const scan = { service: "dynamodb", operation: "Scan", input: { TableName: nameOf("Table") } };
      scanned.push(await call({ kind: "owner" }, scan));
      throw new Error("refused");
    },
    onRunning: async () => void scanned.push("running"),
  });
  await expect(refused).rejects.toThrow("refused");
  expect(scanned).toMatchObject([{ Count: 0 }]);
});

test("the API answers 503 until what runs first has ended", async () => {
  const port = await freePort();
  const statuses: number[] = [];
  const ask = async () => void statuses.push((await fetch(`http://127.0.0.1:${port}/orders/1`)).status);
  const cloud = await start({ port, onRunning: ask });
  await ask();
  await cloud.stop();
  expect(statuses).toEqual([503, 200]);
});

test("with several stacks the chosen stack runs, and the others are listed", async () => {
  const several = writeAssembly({ Resources: { Table: table }, otherStacks: ["Network"] });
  const cloud = await start({ assembly: several, stack: "Shop" });
  const { otherStacks, resources } = cloud;
  await cloud.stop();
  expect({ otherStacks, ids: resources.map(({ id }) => id) }).toEqual({
    otherStacks: ["Network"],
    ids: ["Table"],
  });
});

const put = (cloud: LocalCloud, id: string, body: string) =>
  fetch(`${cloud.url}/orders/${id}`, { method: "PUT", body, headers: { "content-type": "text/plain" } });
const get = async (cloud: LocalCloud, id: string) => (await fetch(`${cloud.url}/orders/${id}`)).text();

describe("a running app", () => {
  const found = reports();
  let cloud: LocalCloud;

  beforeAll(async () => {
    cloud = await start({ report: found.report });
  });
  afterAll(() => cloud?.stop());

  const admin = async (path: string, init?: RequestInit) => {
    const answer = await fetch(`${cloud.url}/_local/${path}`, init);
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? undefined : JSON.parse(text) };
  };
  const nameOf = (id: string) => cloud.resources.find((resource) => resource.id === id)?.name;
  const arnOf = (id: string) => cloud.resources.find((resource) => resource.id === id)?.arn;

  beforeEach(() => admin("calls", { method: "DELETE" }));

  test("takes a request through its function to the table and back", async () => {
    expect(await (await put(cloud, "1", "tea")).text()).toBe("tea");
    expect(await get(cloud, "1")).toBe("tea");
    expect(found.problems()).toEqual([]);
  });

  test("fails if its role lacks an action, and names the action", async () => {
    const answer = await fetch(`${cloud.url}/orders/1`, { method: "DELETE" });
    expect(answer.status).toBe(500);
    expect(found.problems()).toEqual([
      expect.stringMatching(
        /is not authorized to perform: dynamodb:DeleteItem on resource: arn:aws:dynamodb/,
      ),
      expect.stringContaining("the function failed: AccessDeniedException"),
    ]);
  });

  test("counts calls and capacity units per function", async () => {
    await put(cloud, "2", "x".repeat(1500));
    const ofTable = { role: nameOf("Role"), function: nameOf("Orders"), resource: arnOf("Table"), count: 1 };
    const { calls } = (await admin("calls")).body;
    expect(calls).toContainEqual({ ...ofTable, action: "dynamodb:PutItem", readUnits: 0, writeUnits: 2 });
    expect(calls).toContainEqual({ ...ofTable, action: "dynamodb:GetItem", readUnits: 1, writeUnits: 0 });
    expect((await admin("calls", { method: "DELETE" })).status).toBe(204);
    expect((await admin("calls")).body).toEqual({ calls: [] });
  });

  test("lists its permissions and which of them it has used", async () => {
    await put(cloud, "3", "x");
    const { granted, used } = (await admin("permissions")).body;
    const permission = { role: nameOf("Role"), action: "dynamodb:PutItem", resource: arnOf("Table") };
    expect(granted).toContainEqual(permission);
    expect(used).toContainEqual(permission);
  });

  test("lists its resources and outputs", async () => {
    const { resources, outputs, endpoint } = (await admin("resources")).body;
    expect(endpoint).toBe(cloud.endpoint);
    expect(outputs).toEqual({ Function: nameOf("Orders") });
    expect(resources).toContainEqual({
      logicalId: "Table",
      type: "AWS::DynamoDB::GlobalTable",
      name: nameOf("Table"),
      arn: arnOf("Table"),
      state: "running",
    });
    expect(resources).toContainEqual(
      expect.objectContaining({ logicalId: "Alarm", state: "known, not run", reason: expect.any(String) }),
    );
  });

  test("keeps the log entries of one request", async () => {
    await put(cloud, "traced", "x");
    await get(cloud, "traced");
    const { correlationId, entries } = (await admin("trace/traced")).body;
    expect(correlationId).toBe("traced");
    expect(entries).toMatchObject([
      { source: "Orders", message: "PUT", correlation_id: "traced", at: expect.any(String) },
      { source: "Orders", message: "GET" },
    ]);
    expect((await admin("trace/unknown")).body).toEqual({ correlationId: "unknown", entries: [] });
  });

  test("has a clock that can be advanced; its functions use it too", async () => {
    const before = (await admin("clock")).body;
    const machine = Date.now();
    const { status, body } = await admin("clock", { method: "POST", body: '{"advanceSeconds":3600}' });
    expect(status).toBe(200);
    expect(body.aheadSeconds - before.aheadSeconds).toBe(3600);
    expect(Date.parse(body.now) - machine).toBeGreaterThanOrEqual(3_600_000);
    const seen = (await fetch(`${cloud.url}/orders/1`)).headers.get("x-time");
    expect(Number(seen)).toBeGreaterThanOrEqual(Date.parse(body.now));
  });

  test.each([
    ["GET", "none", undefined, 404, "there is no page /_local/none"],
    ["DELETE", "clock", undefined, 405, "/_local/clock accepts only GET, POST"],
    ["POST", "clock", "{", 400, "the body is not JSON"],
    ["POST", "clock", "", 400, 'expected {"advanceSeconds": a number above 0}'],
    ["POST", "clock", '{"advanceSeconds":-1}', 400, 'expected {"advanceSeconds": a number above 0}'],
    ["POST", "clock", '{"advanceSeconds":"1"}', 400, 'expected {"advanceSeconds": a number above 0}'],
    ["GET", "trace/%E2%28%A1", undefined, 400, "URI"],
  ])("gives the reason if %s /_local/%s %s is refused", async (method, path, body, status, message) => {
    const answer = await admin(path, { method, ...(body !== undefined && { body }) });
    expect(answer).toMatchObject({ status, body: { message: expect.stringContaining(message) } });
  });
});

test("a jump of the clock ends once the timers that it makes due have run", async () => {
  const cloud = await start({ data: temporaryFolder() });
  const ran: number[] = [];
  for (const seconds of [50, 150])
    cloud.clock.at(cloud.clock.now() + seconds * 1000, () => ran.push(seconds));
  await cloud.advance(100);
  expect(ran).toEqual([50]);
  await cloud.advance(100);
  expect(ran).toEqual([50, 150]);
  await cloud.stop();
});

describe("a data folder", () => {
  test("keeps tables and the clock over a restart", async () => {
    const data = join(temporaryFolder(), "deep", "data");
    const first = await start({ data });
    await put(first, "kept", "coffee");
    await first.advance(1000);
    await first.stop();
    const second = await start({ data });
    expect(await get(second, "kept")).toBe("coffee");
    expect(second.clock.ahead()).toBe(1_000_000);
    await second.stop();
  });

  test("can be used by only one instance at a time", async () => {
    const data = temporaryFolder();
    const first = await start({ data });
    await expect(start({ data })).rejects.toThrow(
      `the data folder ${data} is in use by process ${process.pid}`,
    );
    await first.stop();
    await (await start({ data })).stop();
  });

  test("whose process is gone can be used again", async () => {
    const data = temporaryFolder();
    const gone = spawn(process.execPath, ["-e", ""]);
    await new Promise((resolve) => gone.once("exit", resolve));
    writeFileSync(join(data, "lock"), String(gone.pid));
    await (await start({ data })).stop();
  });

  test.each(["journal.jsonl", "dynamodb.sqlite"])(
    "with a corrupt %s is refused with the name of the file",
    async (file) => {
      const data = temporaryFolder();
      writeFileSync(join(data, file), "this is\nnot what it should be\n".repeat(400));
      await expect(start({ data })).rejects.toThrow(join(data, file));
      expect(existsSync(join(data, "lock"))).toBe(false);
    },
  );
});

test("a busy port is reported", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const address = other.address();
  const port = typeof address === "object" && address ? address.port : 0;
  await expect(start({ port })).rejects.toThrow(`port ${port} is in use`);
  other.close();
});

/** The processes of the engine for this folder, as the operating system lists them. */
const enginesOn = (data: string) =>
  execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes(`--db-path ${data}/`))
    .map((line) => Number.parseInt(line, 10));

test("an engine that is killed is restarted, and no data is lost", async () => {
  const data = temporaryFolder();
  const found = reports();
  const cloud = await start({ data, report: found.report });
  await put(cloud, "safe", "tea");
  for (const pid of enginesOn(data)) process.kill(pid, "SIGKILL");
  await expect
    .poll(() => found.problems())
    .toContain("the DynamoDB engine ended (exit code null) and is started again");
  await expect.poll(() => get(cloud, "safe")).toBe("tea");
  await cloud.stop();
  expect(enginesOn(data)).toEqual([]);
});

test("the engine ends if its parent process is killed", async () => {
  const data = temporaryFolder();
  const program = `
    import { localCloud } from ${JSON.stringify(import.meta.resolve("../../lib/local/local-cloud.ts"))};
    await localCloud({ ...${JSON.stringify({ assembly, data, port: 0 })}, report: () => {} });
    console.log("ready");
  `;
  const file = join(temporaryFolder(), "program.mts");
  writeFileSync(file, program);
  const tsx = import.meta.resolve("tsx");
  const child = spawn(process.execPath, ["--import", tsx, file], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  expect(enginesOn(data)).toHaveLength(1);
  child.kill("SIGKILL");
  await expect.poll(() => enginesOn(data).length).toBe(0);
  expect(readFileSync(join(data, "lock"), "utf8")).toBe(String(child.pid));
});
