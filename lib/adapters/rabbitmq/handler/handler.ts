/**
 * A queue of Amazon MQ as a Lambda function. Its mapping has no partial failures: if the function throws, the whole
 * batch is redelivered, without end. So the function throws only if even the dead letters cannot be stored.
 */
import * as z from "zod";
import type { ForeignDelivery, HandleToTheEnd } from "../../../ports/delivery.ts";
import { type Deliver, type DeliverPorts, deliverer, foreignDeliverer, type Incoming } from "./deliver.ts";

/** Strings arrive as signed bytes, as in Java. */
const text = z
  .object({ bytes: z.array(z.int()) })
  .transform(({ bytes }) => Buffer.from(bytes).toString("utf8"));

const message = z.object({
  basicProperties: z.object({
    contentType: z.string().nullish(),
    headers: z.record(z.string(), z.union([text, z.unknown()])).nullish(),
  }),
  redelivered: z.boolean(),
  data: z.base64(),
});

/** By the name of the queue and its virtual host, such as `shop.checkout::/`. */
const schema = z.object({ rmqMessagesByQueue: z.record(z.string(), z.array(message)) });

/** Only quorum queues count deliveries. */
const receiveCountOf = (headers: Readonly<Record<string, unknown>>, redelivered: boolean): number => {
  const count = headers["x-delivery-count"];
  return 1 + (typeof count === "number" ? count : Number(redelivered));
};

const incomingOf = (
  key: string,
  index: number,
  { basicProperties, redelivered, data }: z.output<typeof message>,
): Incoming => {
  const headers = basicProperties.headers ?? {};
  return {
    id: `${key},${index}`,
    queue: key.slice(0, key.lastIndexOf("::")),
    receiveCount: receiveCountOf(headers, redelivered),
    message: {
      contentType: basicProperties.contentType ?? "",
      headers,
      body: Buffer.from(data, "base64"),
    },
  };
};

const batchHandler =
  (deliver: Deliver) =>
  async (event: unknown): Promise<void> => {
    const queues = Object.entries(schema.parse(event).rmqMessagesByQueue);
    const incoming = queues.flatMap(([key, messages]) =>
      messages.map((each, index) => incomingOf(key, index, each)),
    );
    await deliver(incoming);
  };

/** The Lambda function of a queue. */
export const rabbitMqHandler = (handle: HandleToTheEnd, ports: DeliverPorts) =>
  batchHandler(deliverer(handle, ports));

/** A queue with the events of another system. */
export const rabbitMqIntake = (handle: HandleToTheEnd<ForeignDelivery>, ports: DeliverPorts) =>
  batchHandler(foreignDeliverer(handle, ports));
