/** The library as `npm start` runs it in its folder: a book is lent, reminded of after 21 days, and returned. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { endAll, npmStart } from "../../e2e/npm-start.ts";
import { loanSeconds } from "../lib/loans/loan.ts";

const folder = mkdtempSync(join(tmpdir(), "library-e2e-"));
let url = "";

beforeAll(async () => {
  const run = npmStart(
    ["--port", "0", "--data", join(folder, "data"), "--quiet"],
    {},
    join(import.meta.dirname, ".."),
  );
  url = await run.ready;
});

afterAll(async () => {
  await endAll();
  rmSync(folder, { recursive: true, force: true });
});

const get = async (path: string): Promise<unknown> => (await fetch(`${url}${path}`)).json();

const post = async (path: string, body: object): Promise<number> => {
  const headers = {
    "content-type": "application/json",
    "idempotency-key": randomUUID(),
  };
  const { status } = await fetch(`${url}${path}`, { method: "POST", body: JSON.stringify(body), headers });
  return status;
};

const eventually = (path: string, expected: object) =>
  expect.poll(() => get(path), { message: path }).toMatchObject(expected);

const resources = z.object({
  endpoint: z.string(),
  resources: z.array(z.object({ logicalId: z.string(), type: z.string(), name: z.string() })),
});

const credentials = { accessKeyId: "local", secretAccessKey: "local" };

const owner = async () => {
  const { endpoint, resources: all } = resources.parse(await get("/_local/resources"));
  const nameOf = (type: string, start: string) =>
    all.find((each) => each.type === type && each.logicalId.startsWith(start))?.name;
  const options = { endpoint, region: "eu-central-1", credentials };
  return { options, nameOf };
};

/** The text messages in the table of the gateway. */
const messages = async () => {
  const { options, nameOf } = await owner();
  const TableName = nameOf("AWS::DynamoDB::GlobalTable", "AppServicesSms");
  const { Items = [] } = await new DynamoDBClient(options).send(new ScanCommand({ TableName }));
  return Items.map(({ to, text }) => ({ to: to?.S, text: text?.S }));
};

const deliver = async (title: string, pieces: number) => {
  const { options, nameOf } = await owner();
  const Entries = [
    {
      EventBusName: nameOf("AWS::Events::EventBus", "App"),
      Source: "publisher",
      DetailType: "ParcelDelivered",
      Detail: JSON.stringify({ title, pieces }),
    },
  ];
  const { FailedEntryCount } = await new EventBridgeClient(options).send(new PutEventsCommand({ Entries }));
  expect(FailedEntryCount).toBe(0);
};

test("a parcel is delivered, a book is lent, reminded of after 21 days, and returned", async () => {
  expect(await post("/members", { memberId: "ada", phone: "+441632960001" })).toBe(202);
  await deliver("emma", 1);
  await eventually("/books/emma", { copies: 1, available: 1 });

  expect(await post("/loans", { loanId: "1", bookId: "emma", memberId: "ada" })).toBe(202);
  await eventually("/loans/1", { status: "lent", due: expect.any(String) });
  await eventually("/sagas/loan-period/1", { status: "waiting", step: "wait-for-return" });
  expect(await post("/loans", { loanId: "2", bookId: "emma", memberId: "ada" })).toBe(202);
  await eventually("/loans/2", { status: "declined", reason: "no-copy-left" });

  await post("/_local/clock", { advanceSeconds: loanSeconds });
  await eventually("/loans/1", { status: "lent", remindedAt: expect.any(String) });
  await expect.poll(messages).toEqual([{ to: "+441632960001", text: "Please return emma." }]);

  expect(await post("/loans/1/return", {})).toBe(202);
  await eventually("/books/emma", { copies: 1, available: 1 });
  await eventually("/sagas/take-back/1", { status: "completed" });
  await eventually("/days", {
    items: [
      { lent: 0, returned: 1 },
      { lent: 1, returned: 0 },
    ],
  });
});
