/**
 * A queue of Amazon MQ as a Lambda function. Its mapping knows no partial failures: where the function throws the
 * whole batch comes again, for ever. So it throws only where even the dead letters are out of reach.
 */
import * as z from "zod";
import type { ForeignDelivery, HandleToTheEnd } from "../../../ports/delivery.ts";
import { type Deliver, type DeliverPorts, deliverer, foreignDeliverer, type Incoming } from "./deliver.ts";

/** Texts come as bytes, signed ones, for Java has no others. */
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

/** Under the name of the queue and its virtual host: `shop.checkout::/`. */
const schema = z.object({ rmqMessagesByQueue: z.record(z.string(), z.array(message)) });

/** Only quorum queues count. */
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

export const rabbitMqHandler = (handle: HandleToTheEnd, ports: DeliverPorts) =>
  batchHandler(deliverer(handle, ports));

/** A queue of another system's events. */
export const rabbitMqIntake = (handle: HandleToTheEnd<ForeignDelivery>, ports: DeliverPorts) =>
  batchHandler(foreignDeliverer(handle, ports));
