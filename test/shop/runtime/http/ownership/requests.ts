/**
 * Generated requests of several callers for the same orders. Values that answers have shown, such as the ETags and cursors
 * of other callers, are numbers here: the sender replaces them by what was seen.
 */
import * as fc from "fast-check";
import { parametersOf, type Route } from "../../../../../lib/model/http/route.ts";
import { placeable } from "../../../domain/orders.ts";
import { attempts, type Caller, customers, secretOf } from "./callers.ts";
import { orders } from "./orders.ts";

/** The number of a value among the values that were seen. */
type Place = number | undefined;

export type Attempt = {
  readonly caller: Caller;
  readonly route: Route;
  readonly method: string;
  /** An order, or the id of no order. */
  readonly orderId: string;
  readonly body: object;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly seen: {
    readonly next: Place;
    readonly ifMatch: Place;
    readonly ifNoneMatch: Place;
    readonly correlationId: Place;
    /** Instead of the attempt, its caller sends an earlier request with a key, as it was sent. */
    readonly keyed: Place;
  };
};

const orderIds = [...Object.keys(orders), "order-8", "order-9"];

/** The trace of a request. No answer to a customer may show it. */
export const traceId = "0af7651916cd43dd8448eb211c80319c";

const customerOf = (id: string) => ({ id, name: secretOf(id), email: `${secretOf(id)}@example.com` });

const { orderId: _, ...order } = placeable;

/** One time in five. */
const seldom = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

/** The caller's own orders more often than those of others. An order without an id gets one from the endpoint. */
const placements = ({ actor = "ada" }: Caller): fc.Arbitrary<object> =>
  fc
    .tuple(
      fc.constantFrom(...customers, "dan", actor, actor, actor, actor),
      fc.option(fc.constantFrom(...orderIds), { nil: undefined }),
    )
    .map(([id, orderId]) => ({ ...order, customer: customerOf(id), ...(orderId && { orderId }) }));

const bodies: Readonly<Record<string, fc.Arbitrary<object>>> = {
  CancelOrder: fc.constantFrom({ reason: "I changed my mind" }, { reason: "I changed my mind" }, {}),
  ReturnOrder: fc.constant({ reason: "It does not fit" }),
  AnswerApproval: fc.record({ approved: fc.boolean() }),
  ReceiveStock: fc.constant({ quantity: 1 }),
};

const bodyOf = (route: Route, caller: Caller): fc.Arbitrary<object> => {
  if (!("command" in route)) return fc.constant({});
  const { type } = route.command;
  return type === "PlaceOrder" ? placements(caller) : (bodies[type] ?? fc.constant({}));
};

const query = fc.record({
  customerId: seldom(fc.constantFrom(...customers)),
  status: seldom(fc.constantFrom("placed", "cancelled", "confirmed")),
  limit: fc.constantFrom(undefined, "1", "2", "100"),
});

const textsOf = (given: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

/** Few keys, so that the callers use the same ones. */
const headers = fc.record({
  "idempotency-key": fc.constantFrom(undefined, undefined, undefined, "k-1", "k-2", "k-3"),
  "if-match": seldom(fc.constantFrom("*", '"1"', '"2"')),
  "if-none-match": seldom(fc.constantFrom("*", '"1"')),
  traceparent: seldom(fc.constant(`00-${traceId}-b7ad6b7169203331-01`)),
});

const place = seldom(fc.nat(1000));

const methodOf = ({ method }: Route) =>
  method === "GET" ? fc.constantFrom("GET", "GET", "HEAD") : fc.constant<string>(method);

/** In a failure, fast-check prints the attempt without the functions of its route. */
const readable = ({ route, ...attempt }: Attempt): Attempt =>
  Object.assign(
    { route, ...attempt },
    { [fc.toStringMethod]: () => JSON.stringify({ path: route.path, ...attempt }) },
  );

const attemptOf = ({ caller, route }: (typeof attempts)[number]): fc.Arbitrary<Attempt> =>
  fc
    .record({
      caller: fc.constant(caller),
      route: fc.constant(route),
      method: methodOf(route),
      orderId: fc.constantFrom(...orderIds),
      body: bodyOf(route, caller),
      query: "list" in route && route.path === "/orders" ? query.map(textsOf) : fc.constant({}),
      headers: headers.map(textsOf),
      seen: fc.record({
        next: place,
        ifMatch: place,
        ifNoneMatch: place,
        correlationId: place,
        keyed: place,
      }),
    })
    .map(readable);

/** Routes with an owner more often than others. */
export const attempt: fc.Arbitrary<Attempt> = fc.oneof(
  ...attempts.map((pair) => ({
    weight: "owner" in pair.route && pair.route.owner !== "none" ? 4 : 1,
    arbitrary: attemptOf(pair),
  })),
);

/** The path with the id of an order, or of a thing that has no owner. */
export const pathOf = ({ path }: Route, orderId: string): string =>
  parametersOf(path).reduce<string>((text, name) => {
    const value = { sku: "nw-11", saga: "checkout" }[name] ?? orderId;
    return text.replace(`{${name}}`, value);
  }, path);
