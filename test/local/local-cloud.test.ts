/** The local cloud as a whole: an app from its template to its answers. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalCloud, localCloud } from "../../lib/local/local-cloud.ts";
import { httpApi, lambda, logs, reports, role, table, writeAssembly } from "./app.ts";

const sdk = import.meta.resolve("@aws-sdk/client-dynamodb");

const code = {
  orders: `
    import { DynamoDBClient, PutItemCommand, GetItemCommand } from "${sdk}";
    const client = new DynamoDBClient();
    const TableName = process.env.TABLE;
    export const handler = async (event) => {
      console.log(JSON.stringify({ message: "hello", correlationId: "c-1" }));
      const pk = { S: event.pathParameters.id };
      if (event.requestContext.http.method === "PUT")
        await client.send(new PutItemCommand({ TableName, Item: { pk, body: { S: event.body } } }));
      const { Item } = await client.send(new GetItemCommand({ TableName, Key: { pk } }));
      return { statusCode: 200, body: Item?.body.S ?? "none" };
    };`,
};

const found = reports();
let cloud: LocalCloud;

beforeAll(async () => {
  const assembly = writeAssembly({
    code,
    Resources: {
      Table: table,
      OrdersRole: role("lambda.amazonaws.com", logs, {
        Action: ["dynamodb:PutItem", "dynamodb:GetItem"],
        Resource: { "Fn::GetAtt": ["Table", "Arn"] },
      }),
      Orders: lambda("orders", "OrdersRole", {
        Timeout: 10,
        MemorySize: 256,
        Environment: { Variables: { TABLE: { Ref: "Table" } } },
      }),
      ...httpApi("Orders", ["PUT /orders/{id}", "GET /orders/{id}"]),
    },
  });
  cloud = await localCloud({ assembly, port: 0, report: found.report });
});

afterAll(() => cloud?.stop());

describe("a request", () => {
  test("goes through the function to the table and back", async () => {
    const answer = await fetch(`${cloud.url}/orders/1`, { method: "PUT", body: "tea" });
    expect(found.problems()).toEqual([]);
    expect([answer.status, await answer.text()]).toEqual([200, "tea"]);
  });
});
