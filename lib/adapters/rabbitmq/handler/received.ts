/** A message that a client of our own has received. */
import type { AsyncMessage, SyncMessage } from "rabbitmq-client";
import type { Message } from "../message.ts";

type Received = Pick<AsyncMessage | SyncMessage, "body" | "contentType" | "headers">;

/** The client reads JSON and plain texts by itself, whatever follows from it. */
const bytesOf = ({ body, contentType }: Received): Buffer => {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(contentType === "application/json" ? JSON.stringify(body) : String(body));
};

export const messageOf = (message: Received): Message => ({
  contentType: message.contentType ?? "",
  headers: message.headers ?? {},
  body: bytesOf(message),
});
