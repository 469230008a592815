/** Parcels of the publisher become copies. Its titles are our books, and its pieces our copies. */
import { sending, type Translator } from "eventfold";
import * as z from "zod";
import { bookId } from "../identifier.ts";
import { acquireCopies } from "./book.ts";

const delivered = z.object({ title: bookId, pieces: z.int().min(1).max(1000) });

export const publisherDeliveries: Translator<typeof delivered> = {
  name: "publisher-deliveries",
  source: "publisher",
  channel: "parcels",
  type: "ParcelDelivered",
  schema: delivered,
  send: sending(acquireCopies, ({ data: { title, pieces } }) => ({ bookId: title, copies: pieces })),
};
