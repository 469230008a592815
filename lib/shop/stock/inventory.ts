/**
 * The stock of one article, with one stream per SKU. Many orders use the same stream, so the state has only the
 * current reservations: when stock is taken or released, its reservation is removed.
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

/** `received` is the sum of everything that was received. It limits every other sum. */
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
        : reject("too-much", `the stock of ${data.sku} is limited to ${Number.MAX_SAFE_INTEGER}`),
    // An order could reserve again after its reservation was removed. Its checkout never does: it sends one
    // ReserveStock per article, whose id is answered once, and which has expired before anything is undone.
    ReserveStock: ({ data }, state) => {
      if (state.received === 0) return reject("unknown-sku", `no ${data.sku} was ever received`);
      const reserved = reservedFor(state, data.orderId);
      if (reserved === data.quantity) return [];
      if (reserved !== undefined)
        return reject("already-reserved", `this order has already reserved ${reserved}`);
      if (state.available < data.quantity)
        return reject("out-of-stock", `only ${state.available} of ${data.sku} are left`);
      return [{ type: "StockReserved", data }];
    },
    ReleaseStock: ({ data }, state) => {
      const quantity = reservedFor(state, data.orderId);
      return quantity === undefined ? [] : [{ type: "StockReleased", data: { ...data, quantity } }];
    },
    // Only a confirmed order takes stock, which it has reserved. If nothing is reserved, the rejection parks the
    // saga for an operator.
    TakeStock: ({ data }, state) => {
      const quantity = reservedFor(state, data.orderId);
      if (quantity === undefined) return reject("not-reserved", `no ${data.sku} is reserved for this order`);
      return [{ type: "StockTaken", data: { ...data, quantity } }];
    },
    // An order returns stock that it has reserved, and has taken or will take soon; the order of the two does not
    // matter for the count. The order stream allows one return only, so no return is remembered here.
    ReturnStock: ({ data }, { received, available }) => {
      if (received === 0) return reject("unknown-sku", `no ${data.sku} was ever received`);
      return Number.isSafeInteger(available + data.quantity)
        ? [{ type: "StockReturned", data }]
        : reject("too-much", `the stock of ${data.sku} is limited to ${Number.MAX_SAFE_INTEGER}`);
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
