/** An item that is not a commit stops only its own stream. */
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { expect, test } from "vitest";
import { dynamoEventStore } from "../../lib/adapters/dynamodb/event-store/event-store.ts";
import { toItem } from "../../lib/adapters/dynamodb/event-store/item.ts";
import { UnreadableCommit } from "../../lib/ports/event-store.ts";
import { commit, listed, place, recordOf } from "../library/fixtures/catalogue.ts";

test("the stream of an item that is not a commit is parked, and its shard continues", async () => {
  const client = new DynamoDBClient({ region: "eu-central-1" });
  const broken = { ...toItem(commit("1", 2, listed("1"))), ev: { S: "[" } };
  const later = commit("1", 3, listed("1"));
  mockClient(client)
    .on(QueryCommand)
    .resolves({ Items: [toItem(commit("1", 1, listed("1"))), broken, toItem(later)] });
  const store = dynamoEventStore(client, "events");
  await expect(store.read("book-1", { consistency: "strong" })).rejects.toThrow(UnreadableCommit);

  const fixture = await place([]);
  expect(await fixture.project({ store })([recordOf(later)])).toEqual([]);
  expect(await fixture.parked.list()).toMatchObject([
    { consumer: "catalogue", streamId: "book-1", version: 2 },
    { consumer: "branch-copies", streamId: "book-1", version: 2 },
  ]);
});
