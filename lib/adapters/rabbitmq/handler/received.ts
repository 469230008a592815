/** A message that our own client has received. */
import type { AsyncMessage, SyncMessage } from "rabbitmq-client";
import type { Message } from "../message.ts";

type Received = Pick<AsyncMessage | SyncMessage, "body" | "contentType" | "headers">;

/** The client always decodes JSON and plain text, so the bytes are restored here. */
const bytesOf = ({ body, contentType }: Received): Buffer => {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(contentType === "application/json" ? JSON.stringify(body) : String(body));
};

/** The message in a record of the event source mapping. */
export const messageOf = (message: Received): Message => ({
  contentType: message.contentType ?? "",
  headers: message.headers ?? {},
  body: bytesOf(message),
});
