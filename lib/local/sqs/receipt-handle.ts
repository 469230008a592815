/** A receipt handle contains the id of a message and the number of its receipts. */
import { ServiceError } from "../service/service.ts";

export const handleOf = (id: string, count: number): string =>
  Buffer.from(`${id}#${count}`).toString("base64url");

export const idOf = (handle: string): string => {
  const [id, count] = Buffer.from(handle, "base64url").toString().split("#");
  if (id && count) return id;
  throw new ServiceError("ReceiptHandleIsInvalid", `The input receipt handle "${handle}" is not valid.`);
};
