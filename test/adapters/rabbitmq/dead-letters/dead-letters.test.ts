/** Dead letters that RabbitMQ refuses permanently: as much of them is stored as it accepts. */
import { expect, test } from "vitest";
import { rabbitMqDeadLetters } from "../../../../lib/adapters/rabbitmq/dead-letters/dead-letters.ts";
import { amqpError, memoryConnection, type Sent } from "../publisher.ts";

const refused = amqpError("CODEC", "frame size exceeds maximum");

const message = (text: string, header = "1") => ({
  contentType: "application/json",
  headers: { cloudEvents_id: header },
  body: Buffer.from(text),
});

const place = (refuse: (sent: Sent) => boolean, error: Error = refused) => {
  const { connection, taken } = memoryConnection((sent) => (refuse(sent) ? error : undefined));
  return { taken, deadLetters: rabbitMqDeadLetters(connection, "shop") };
};

const kept = ({ envelope: { headers }, body }: Sent) => ({ headers, body: `${body}` });

test("a dead letter is stored unchanged, with the reason", async () => {
  const { taken, deadLetters } = place(() => false);
  await deadLetters.keep("shop.checkout", message("{}"), "no");
  expect(taken.map(kept)).toEqual([
    { headers: { cloudEvents_id: "1", "dead-letter-because": "no" }, body: "{}" },
  ]);
});

test("a dead letter whose headers are refused is stored without them, and says so", async () => {
  const { taken, deadLetters } = place(({ envelope }) => envelope.headers?.cloudEvents_id !== undefined);
  await deadLetters.keep("shop.checkout", message("{}"), "no");
  expect(taken.map(kept)).toEqual([
    {
      headers: { "dead-letter-because": "(headers left out because RabbitMQ refuses them) no" },
      body: "{}",
    },
  ]);
});

test("a dead letter whose body is refused is stored without it, and the other dead letters are stored", async () => {
  const { taken, deadLetters } = place(({ body }) => `${body}` === "large");
  await Promise.all(
    ["large", "{}"].map((text) => deadLetters.keep("shop.checkout", message(text, text), "no")),
  );
  expect(taken.map(kept)).toEqual([
    {
      headers: { "dead-letter-because": "(headers and body left out because RabbitMQ refuses them) no" },
      body: "null",
    },
    { headers: { cloudEvents_id: "{}", "dead-letter-because": "no" }, body: "{}" },
  ]);
});

test("a transient fault is thrown, and the next dead letter is still stored", async () => {
  let isDown = true;
  const { taken, deadLetters } = place(() => isDown, new Error("connection is closed"));
  await expect(deadLetters.keep("shop.checkout", message("{}"), "no")).rejects.toThrow(
    "connection is closed",
  );
  isDown = false;
  await deadLetters.keep("shop.checkout", message("{}"), "no");
  expect(taken).toHaveLength(1);
});
