/** Where a list goes on: opaque to clients, and good only for the list that gave it. */
import * as z from "zod";
import type { Item } from "./attributes.ts";

const cursor = z.tuple([z.string(), z.record(z.string(), z.object({ S: z.string() }))]);

export const toCursor = (list: string, key: Item): string =>
  Buffer.from(JSON.stringify([list, key])).toString("base64url");

export const fromCursor = (list: string, text: string): Item | "invalid" => {
  try {
    const [of, key] = cursor.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
    return of === list ? key : "invalid";
  } catch {
    return "invalid";
  }
};
