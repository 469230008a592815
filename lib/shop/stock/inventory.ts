/**
 * The stock of one article, a stream per SKU. Many orders meet here, so the state holds what is reserved and
 * not what has been: taking or releasing forgets the reservation.
 */
import * as z from "zod";
import { type Decider, reject } from "../../model/decider.ts";
import { command, event } from "../../model/reference.ts";
import { orderId, sku } from "../values/identifier.ts";

const quantity = z.int().positive();

const commands = {
  ReceiveStock: z.object({ sku, quantity }),
  ReserveStock: z.object({ sku, orderId, quantity }),
  ReleaseStock: z.object({ sku, orderId }),
  TakeStock: z.object({ sku, orderId }),
  ReturnStock: z.object({ sku, orderId, quantity }),
};

const events = {
  StockReceived: z.object({ sku, quantity }),
  StockReserved: z.object({ sku, orderId, quantity }),
  StockReleased: z.object({ sku, orderId, quantity }),
  StockTaken: z.object({ sku, orderId, quantity }),
  StockReturned: z.object({ sku, orderId, quantity }),
};

const rejections = ["unknown-sku", "out-of-stock", "already-reserved", "not-reserved", "too-much"] as const;

/** `received` is all that ever came, which bounds every other sum. */
type State = {
  readonly received: number;
  readonly available: number;
  readonly reservations: readonly { readonly orderId: string; readonly quantity: number }[];
};

const reservedFor = ({ reservations }: State, orderId: string): number | undefined =>
  reservations.find((reservation) => reservation.orderId === orderId)?.quantity;

const without = ({ reservations }: State, orderId: string): State["reservations"] =>
  reservations.filter((reservation) => reservation.orderId !== orderId);

export const inventory: Decider<State, typeof commands, typeof events, typeof rejections> = {
  name: "inventory",
  identifiedBy: "sku",
  commands,
  events,
  rejections,
  initialState: { received: 0, available: 0, reservations: [] },
  decide: {
    ReceiveStock: ({ data }, { received }) =>
      Number.isSafeInteger(received + data.quantity)
        ? [{ type: "StockReceived", data }]
        : reject("too-much", `nobody can count more than ${Number.MAX_SAFE_INTEGER} of ${data.sku}`),
    // An order whose reservation is forgotten could reserve again. Its checkout never asks for that: it sends
    // one ReserveStock per article, whose id is answered once, and which has expired before anything is undone.
    ReserveStock: ({ data }, state) => {
      if (state.received === 0) return reject("unknown-sku", `nobody ever received ${data.sku}`);
      const reserved = reservedFor(state, data.orderId);
      if (reserved === data.quantity) return [];
      if (reserved !== undefined)
        return reject("already-reserved", `${reserved} are reserved for this order`);
      if (state.available < data.quantity)
        return reject("out-of-stock", `${state.available} of ${data.sku} left`);
      return [{ type: "StockReserved", data }];
    },
    ReleaseStock: ({ data }, state) => {
      const quantity = reservedFor(state, data.orderId);
      return quantity === undefined ? [] : [{ type: "StockReleased", data: { ...data, quantity } }];
    },
    // Only a confirmed order takes stock, and it had reserved it: where nothing is reserved somebody must look.
    TakeStock: ({ data }, state) => {
      const quantity = reservedFor(state, data.orderId);
      if (quantity === undefined) return reject("not-reserved", `no ${data.sku} is reserved for this order`);
      return [{ type: "StockTaken", data: { ...data, quantity } }];
    },
    // What an order returns it had reserved, and takes, now or very soon: in which order does not matter to the
    // count. How often it returns is the order's business, which has one return, so nothing is remembered here.
    ReturnStock: ({ data }, { received, available }) => {
      if (received === 0) return reject("unknown-sku", `nobody ever received ${data.sku}`);
      return Number.isSafeInteger(available + data.quantity)
        ? [{ type: "StockReturned", data }]
        : reject("too-much", `nobody can count more than ${Number.MAX_SAFE_INTEGER} of ${data.sku}`);
    },
  },
  evolve: {
    StockReceived: (state, { data: { quantity } }) => ({
      ...state,
      received: state.received + quantity,
      available: state.available + quantity,
    }),
    StockReserved: (state, { data: { orderId, quantity } }) => ({
      ...state,
      available: state.available - quantity,
      reservations: [...state.reservations, { orderId, quantity }],
    }),
    StockReleased: (state, { data: { orderId, quantity } }) => ({
      ...state,
      available: state.available + quantity,
      reservations: without(state, orderId),
    }),
    StockTaken: (state, { data: { orderId } }) => ({ ...state, reservations: without(state, orderId) }),
    StockReturned: (state, { data: { quantity } }) => ({ ...state, available: state.available + quantity }),
  },
};

export const stockReserved = event(inventory, "StockReserved");
export const stockReturned = event(inventory, "StockReturned");
export const receiveStock = command(inventory, "ReceiveStock");
export const reserveStock = command(inventory, "ReserveStock");
export const releaseStock = command(inventory, "ReleaseStock");
export const takeStock = command(inventory, "TakeStock");
export const returnStock = command(inventory, "ReturnStock");
