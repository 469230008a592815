/**
 * The stock of one article. A reservation holds units for an order until they are taken or released; then it is
 * gone, so the state does not grow with history.
 */
import * as z from "zod";
import { type Decider, reject } from "../model/decider.ts";
import { command, event } from "../model/reference.ts";
import { orderId, quantity, sku } from "./fields.ts";

const commands = {
  ReceiveStock: z.object({ sku, quantity }),
  ReserveStock: z.object({ sku, orderId, quantity }),
  ReleaseStock: z.object({ sku, orderId }),
  TakeStock: z.object({ sku, orderId }),
};

const ofOrder = z.object({ sku, orderId, quantity });

const events = {
  StockReceived: z.object({ sku, quantity }),
  StockReserved: ofOrder,
  StockReleased: ofOrder,
  StockTaken: ofOrder,
};

const rejections = ["unknown-sku", "out-of-stock", "not-reserved", "too-much"] as const;

type State = {
  /** All units ever received: 0 is an article that nobody has heard of. */
  readonly received: number;
  readonly available: number;
  readonly reserved: Readonly<Record<string, number>>;
};

const reservedFor = ({ reserved }: State, orderId: string): number | undefined =>
  Object.hasOwn(reserved, orderId) ? reserved[orderId] : undefined;

const without = ({ reserved }: State, orderId: string): State["reserved"] => {
  const { [orderId]: _, ...others } = reserved;
  return others;
};

export const inventory: Decider<State, typeof commands, typeof events, typeof rejections> = {
  name: "inventory",
  identifiedBy: "sku",
  commands,
  events,
  rejections,
  initialState: { received: 0, available: 0, reserved: {} },
  decide: {
    ReceiveStock: ({ data }, { received }) =>
      Number.isSafeInteger(received + data.quantity)
        ? [{ type: "StockReceived", data }]
        : reject("too-much", `${received} were received before`),
    ReserveStock: ({ data }, state) => {
      if (reservedFor(state, data.orderId) !== undefined) return [];
      if (state.received === 0) return reject("unknown-sku", `there is no article ${data.sku}`);
      if (state.available < data.quantity)
        return reject("out-of-stock", `${state.available} of ${data.sku} left`);
      return [{ type: "StockReserved", data }];
    },
    ReleaseStock: ({ data }, state) => {
      const quantity = reservedFor(state, data.orderId);
      return quantity === undefined ? [] : [{ type: "StockReleased", data: { ...data, quantity } }];
    },
    TakeStock: ({ data }, state) => {
      const quantity = reservedFor(state, data.orderId);
      if (quantity === undefined) return reject("not-reserved", `nothing is reserved for ${data.orderId}`);
      return [{ type: "StockTaken", data: { ...data, quantity } }];
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
      reserved: { ...state.reserved, [orderId]: quantity },
    }),
    StockReleased: (state, { data: { orderId, quantity } }) => ({
      ...state,
      available: state.available + quantity,
      reserved: without(state, orderId),
    }),
    StockTaken: (state, { data: { orderId } }) => ({ ...state, reserved: without(state, orderId) }),
  },
};

export const stockReserved = event(inventory, "StockReserved");
export const receiveStock = command(inventory, "ReceiveStock");
export const reserveStock = command(inventory, "ReserveStock");
export const releaseStock = command(inventory, "ReleaseStock");
export const takeStock = command(inventory, "TakeStock");
