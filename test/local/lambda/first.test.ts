/** Which functions are loaded before their first invocation. */
import { expect, test } from "vitest";
import { localCloud } from "../../../lib/local/local-cloud.ts";
import { httpApi, lambda, logs, reports, role, table, writeAssembly } from "../app.ts";

const code = (name: string) =>
  `console.log("loaded ${name}"); export const handler = async () => ({ statusCode: 200 });`;

test("warm loads the functions of the API and of streams, and no others", async () => {
  const found = reports();
  const assembly = writeAssembly({
    code: { api: code("api"), follower: code("follower"), other: code("other") },
    Resources: {
      Table: table,
      Role: role("lambda.amazonaws.com", logs, {
        Action: "dynamodb:*",
        Resource: [{ "Fn::GetAtt": ["Table", "StreamArn"] }],
      }),
      Api1: lambda("api", "Role"),
      Follower: lambda("follower", "Role"),
      Other: lambda("other", "Role"),
      Mapping: {
        Type: "AWS::Lambda::EventSourceMapping",
        Properties: {
          EventSourceArn: { "Fn::GetAtt": ["Table", "StreamArn"] },
          FunctionName: { Ref: "Follower" },
          StartingPosition: "TRIM_HORIZON",
        },
      },
      ...httpApi("Api1", ["GET /"]),
    },
  });
  const cloud = await localCloud({ assembly, port: 0, report: found.report });
  const loaded = () => found.all.map(({ message }) => message).filter((text) => text.startsWith("loaded"));
  cloud.warm();
  await expect.poll(() => loaded().toSorted()).toEqual(["loaded api", "loaded follower"]);
  expect((await fetch(cloud.url)).status).toBe(200);
  expect(loaded()).not.toContain("loaded other");
  await cloud.invoke({ kind: "owner" }, cloud.resources.find(({ id }) => id === "Other")?.arn ?? "", "{}");
  expect(loaded()).toContain("loaded other");
  await cloud.stop();
});
