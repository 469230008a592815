/** Names that do not fit their use, and names that give the same derived name, are refused with their place. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { AnyApplication } from "../../../../lib/model/application.ts";
import type { AnyDecider } from "../../../../lib/model/decider.ts";
import { idPattern, isId } from "../../../../lib/model/http/id.ts";
import type { Route } from "../../../../lib/model/http/route.ts";
import { command } from "../../../../lib/model/reference.ts";
import { logicalName, operationIdOf, variableName } from "../../../../lib/model/validation/made-names.ts";
import { nameFaults, pathFaults, type Use } from "../../../../lib/model/validation/names.ts";
import { unfitIdOf } from "../../../../lib/model/validation/unfit-ids.ts";
import { validate } from "../../../../lib/model/validation/validate.ts";
import { order, placeOrder } from "../../../../lib/shop/orders/order.ts";
import { sendConfirmation } from "../../../../lib/shop/orders/send-confirmation.ts";
import { checkout } from "../../../../lib/shop/sagas/checkout.ts";
import { restock } from "../../../../lib/shop/sagas/restock.ts";
import { type ShopServices, shop } from "../../../../lib/shop/shop.ts";
import { inventory, receiveStock } from "../../../../lib/shop/stock/inventory.ts";
import { stockDeliveries } from "../../../../lib/shop/stock/stock-deliveries.ts";
import { stockLevel } from "../../../../lib/shop/stock/stock-level.ts";

type Change = Partial<AnyApplication<ShopServices>>;

const problemsOf = (change: Change): readonly string[] => validate({ ...shop, ...change });

const long = (length: number): string => "a".repeat(length);

/** For each use: names that fit it, and names that do not. */
const uses: Readonly<Record<Use, { readonly fit: readonly string[]; readonly unfit: readonly string[] }>> = {
  application: {
    fit: ["shop", "Shop-2", "s", long(64), "amqp", "resource", "default"],
    unfit: [
      "",
      "my shop",
      "2shop",
      "-shop",
      "shop_1",
      "shop.1",
      "shöp",
      "shop/1",
      long(65),
      "amq",
      "xn--a",
      "sthree-a",
    ],
  },
  access: {
    fit: ["public", "orders:read", "https://example.com/orders.read", "A", "[a]", long(64)],
    unfit: ["", "two words", 'a"b', "a\\b", "ö", "a\n", long(65)],
  },
  decider: {
    fit: ["order", "Order", "order_line", "o1", "Constructor"],
    unfit: [
      "",
      "old-order",
      "order.line",
      "order line",
      "1order",
      "_order",
      "order*",
      "order/1",
      "ördër",
      long(65),
    ],
  },
  type: {
    fit: ["OrderPlaced", "order_placed", "order-placed", long(128)],
    unfit: [
      "",
      "Order.Placed",
      "Order Placed",
      "*",
      "#",
      "Order/Placed",
      "1st",
      "__proto__",
      "valueOf",
      long(129),
    ],
  },
  projection: {
    fit: ["stock-level", "stock_level", "StockLevel", "s"],
    unfit: [
      "",
      "stock level",
      "stock.level",
      "stock/level",
      "1stock",
      "-stock",
      "stöck",
      "project",
      "relay",
      long(65),
    ],
  },
  index: {
    fit: ["all", "byStatus", "by-status", "by.status", long(200)],
    unfit: ["", "id", "by status", "by/status", "by$status", "by\u0000status", long(201)],
  },
  indexField: {
    fit: ["status", "customer.id", "customer-id"],
    unfit: ["", "a b", "a&b", "a=b", "a[0]", "limit", "next"],
  },
  handler: {
    fit: ["send-confirmation", "a1", "s", long(64)],
    unfit: [
      "",
      "Send",
      "send mail",
      "send_mail",
      "send.mail",
      "send/mail",
      "1st",
      "-a",
      "http",
      "publish",
      long(65),
    ],
  },
  step: {
    fit: ["reserve-stock", "undo", "completed", long(70)],
    unfit: [
      "",
      "Reserve",
      "reserve stock",
      "reserve/stock",
      "'",
      "complete",
      "abandon",
      "undo-reserve",
      long(71),
    ],
  },
  source: {
    fit: ["warehouse", "com.example.warehouse", "ware_house", "ware-house"],
    unfit: ["", "the warehouse", "warehouse*", "https://warehouse", "1st", ".a", long(65)],
  },
  channel: {
    fit: ["stock", "stock-level", "stock_level"],
    unfit: ["", "stock.level", "stock level", "#", "stock/level", long(65)],
  },
  foreignType: {
    fit: ["StockDelivered", "com.example.stock.delivered", "EC2 Instance State-change Notification", "a/b"],
    unfit: ["", " a", "a ", "a.*", "#", "a\n", "ä", long(129)],
  },
};

describe.each(Object.entries(uses))("as a name for %s", (name, { fit, unfit }) => {
  const use = Object.keys(uses).find((each): each is Use => each === name);
  if (!use) throw new Error(`expected a use named ${name}`);

  test.each(fit)("%j fits", (given) => expect(nameFaults(use, "here", given)).toEqual([]));

  test.each(unfit)("%j is refused, with its place and the name", (given) => {
    const faults = nameFaults(use, "here", given);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(
      /^here: expected (.+; got |a name that is not reserved, got .+; choose another name)/s,
    );
    expect(faults[0]).toContain(faults[0]?.includes("; got ") ? JSON.stringify(given) : given);
  });
});

describe("as a path", () => {
  test.each(["/", "/orders", "/orders/{orderId}", "/v1.0/a-b_c~d/{x}/{y}"])("%s fits", (path) =>
    expect(pathFaults("here", path)).toEqual([]),
  );

  test.each([
    "",
    "orders",
    "/my orders",
    "/orders/",
    "//orders",
    "/orders?x",
    "/orders#x",
    "/orders%20",
    "/{order",
    "/order}",
    "/{}",
    "/{order id}",
    "/{order-id}",
    "/{proxy+}",
    "/a{b}",
    "/{a}{b}",
    "/./a",
    "/a/..",
    "/$default",
    "/örders",
    "/a:b",
    "/a\n",
    "/{id}/{id}",
  ])("%j is refused", (path) => expect(pathFaults("here", path)).not.toEqual([]));
});

const named = <Part extends { readonly name: string }>(part: Part, name: string): Part => ({ ...part, name });

const withRoute = (route: Route): Change => ({ routes: [...shop.routes, route] });

const first = 'expected 1 to 64 characters: a-z, 0-9 and dashes, a letter first; got "two words"';

/** Every place that has a name is checked. */
const places: readonly (readonly [what: string, change: Change, problem: string])[] = [
  [
    "an application",
    { name: "my shop" },
    'application my shop: expected 1 to 64 characters: letters, digits and dashes, a letter first; got "my shop"',
  ],
  [
    "a decider",
    { deciders: [...shop.deciders, named({ ...order, events: {} }, "two words")] },
    'decider two words: expected 1 to 64 characters: letters, digits and _, a letter first; got "two words"',
  ],
  [
    "an event",
    {
      deciders: shop.deciders.map((each) =>
        each === inventory ? { ...each, events: { ...each.events, "two words": z.object({}) } } : each,
      ),
    },
    'decider inventory, two words: expected 1 to 128 characters: letters, digits, _ and dashes, a letter first; got "two words"',
  ],
  [
    "a command",
    {
      deciders: shop.deciders.map((each) =>
        each === inventory ? { ...each, commands: { ...each.commands, "a.b": receiveStock.schema } } : each,
      ),
    },
    'decider inventory, a.b: expected 1 to 128 characters: letters, digits, _ and dashes, a letter first; got "a.b"',
  ],
  [
    "a projection",
    { projections: [...shop.projections, named(stockLevel, "two words")] },
    'projection two words: expected 1 to 64 characters: letters, digits, _ and dashes, a letter first; got "two words"',
  ],
  [
    "an index",
    { projections: [...shop.projections, { ...stockLevel, name: "other", indexes: { id: { by: "sku" } } }] },
    'projection other, index id: expected 3 to 200 characters: letters, digits, _, dots and dashes; got "id"',
  ],
  [
    "the field of an index",
    {
      projections: [
        ...shop.projections,
        {
          ...stockLevel,
          name: "other",
          row: z.object({ limit: z.string() }),
          indexes: { byLimit: { by: "limit" } },
        },
      ],
    },
    "projection other, index byLimit by limit: expected a name that is not reserved, got limit: every list has a query parameter of this name; choose another name",
  ],
  [
    "an effect",
    { effects: [...shop.effects, named(sendConfirmation, "two words")] },
    `effect two words: ${first}`,
  ],
  ["a saga", { sagas: [...shop.sagas, named(restock, "two words")] }, `saga two words: ${first}`],
  [
    "a step",
    {
      sagas: [
        {
          ...checkout,
          steps: checkout.steps.map((step, index) => (index === 0 ? { ...step, name: long(71) } : step)),
        },
      ],
    },
    `saga checkout, step ${long(71)}: expected 1 to 70 characters: a-z, 0-9 and dashes, a letter first; got "${long(71)}"`,
  ],
  ["a translator", { translators: [named(stockDeliveries, "two words")] }, `translator two words: ${first}`],
  [
    "a source",
    { translators: [{ ...stockDeliveries, source: "two words" }] },
    'translator stock-deliveries, source: expected 1 to 64 characters: letters, digits, dots, dashes and _, a letter first; got "two words"',
  ],
  [
    "a source with the prefix of the application's own topics",
    { translators: [{ ...stockDeliveries, source: "shop.checkout" }] },
    "translator stock-deliveries, source: expected the name of another system; got shop.checkout, but names that begin with shop. belong to the application",
  ],
  [
    "a channel",
    { translators: [{ ...stockDeliveries, channel: "a.b" }] },
    'translator stock-deliveries, channel: expected 1 to 64 characters: letters, digits, dashes and _, a letter first; got "a.b"',
  ],
  [
    "a foreign type",
    { translators: [{ ...stockDeliveries, type: "a.#" }] },
    'translator stock-deliveries, type: expected 1 to 128 characters: visible ASCII characters without * and #; got "a.#"',
  ],
  [
    "a path",
    withRoute({ method: "GET", path: "/my orders", access: "public", document: "health" }),
    'GET /my orders: expected segments of letters, digits, dots, dashes, _ and ~, or a parameter as {name}; got "my orders"',
  ],
  [
    "a location",
    withRoute({
      method: "PUT",
      path: "/orders",
      access: "public",
      owner: "none",
      command: placeOrder,
      location: "/a?b",
    }),
    'PUT /orders, location /a?b: expected segments of letters, digits, dots, dashes, _ and ~, or a parameter as {name}; got "a?b"',
  ],
  [
    "a path of the local cloud",
    withRoute({ method: "GET", path: "/_local/orders", access: "public", document: "health" }),
    "GET /_local/orders: expected a path outside /_local, where the local cloud answers; choose another path",
  ],
  [
    "a long path",
    withRoute({ method: "GET", path: `/${long(130)}`, access: "public", document: "health" }),
    `GET /${long(130)}: expected at most 128 characters, method included; got 135`,
  ],
  [
    "a parameter that appears twice",
    withRoute({ method: "GET", path: "/{saga}/{id}/{id}", access: "public", owner: "none", sagas: "status" }),
    "GET /{saga}/{id}/{id}: expected each parameter once; got {id} twice",
  ],
];

test.each(places)("the name of %s is checked", (_, change, problem) => {
  expect(problemsOf(change)).toContain(problem);
});

test("a table has at most as many indexes as DynamoDB allows", () => {
  const indexes = Object.fromEntries(
    Array.from({ length: 21 }, (_, index) => [`by-${index}`, { by: "sku" as const }]),
  );
  expect(
    problemsOf({ projections: [...shop.projections, { ...stockLevel, name: "other", indexes }] }),
  ).toContain("projection other: expected at most 20 indexes; got 21");
});

const health = (path: `/${string}`): Route => ({ method: "GET", path, access: "public", document: "health" });

/** Pairs of names that give the same derived name. */
const shared: readonly (readonly [what: string, change: Change, problem: string])[] = [
  [
    "projections with the same variable",
    { projections: [...shop.projections, named(stockLevel, "stock_level")] },
    "projection stock-level and projection stock_level: expected different names, got the same environment variable READ_MODEL_STOCK_LEVEL; rename one",
  ],
  [
    "projections that differ in case",
    { projections: [...shop.projections, named(stockLevel, "Stock-Level")] },
    "projection stock-level and projection Stock-Level: expected different names, got the same environment variable READ_MODEL_STOCK_LEVEL; rename one",
  ],
  [
    "effects with the same logical id, because of a double dash",
    { effects: [...shop.effects, named(sendConfirmation, "send--confirmation")] },
    "effect send-confirmation and effect send--confirmation: expected different names, got the same logical id among effects SendConfirmation; rename one",
  ],
  [
    "sagas with the same logical id, because of a digit",
    { sagas: [...shop.sagas, named(restock, "a-1"), named(restock, "a1")] },
    "saga a-1 and saga a1: expected different names, got the same logical id among sagas A1; rename one",
  ],
  [
    "translators with the same logical id, because of a dash at the end",
    { translators: [stockDeliveries, named(stockDeliveries, "stock-deliveries-")] },
    "translator stock-deliveries and translator stock-deliveries-: expected different names, got the same logical id among translators StockDeliveries; rename one",
  ],
  [
    "topics that Kafka does not distinguish",
    {
      translators: [
        { ...stockDeliveries, source: "a.b" },
        { ...stockDeliveries, name: "other", source: "a_b" },
      ],
    },
    "channel stock of source a.b and channel stock of source a_b: expected different names, got the same topic a.b.stock; rename one",
  ],
  [
    "a topic of another system and a topic of dead letters",
    { translators: [{ ...stockDeliveries, source: "shop_checkout", channel: "dead-letters" }] },
    "the dead letters of checkout and channel dead-letters of source shop_checkout: expected different names, got the same topic shop.checkout.dead-letters; rename one",
  ],
  [
    "a topic of another system and a topic of a decider",
    {
      deciders: [...shop.deciders, named({ ...order, events: {} }, "a_b")],
      translators: [{ ...stockDeliveries, source: "shop_a", channel: "b" }],
    },
    "decider a_b and channel b of source shop_a: expected different names, got the same topic shop.a.b; rename one",
  ],
  [
    "an event of another system and an event of the application",
    { translators: [{ ...stockDeliveries, source: "order", type: "OrderPlaced" }] },
    "event OrderPlaced of decider order and event OrderPlaced of source order: expected different names, got the same message order.OrderPlaced; rename one",
  ],
  [
    "routes with the same operation id",
    { routes: [...shop.routes, health("/a/b"), health("/a-b")] },
    "GET /a/b and GET /a-b: expected different names, got the same operation id getAB; rename one",
  ],
  [
    "routes that differ in case",
    { routes: [...shop.routes, health("/Health")] },
    "GET /health and GET /Health: expected different names, got the same operation id getHealth; rename one",
  ],
];

test.each(shared)("%s are refused", (_, change, problem) => {
  expect(problemsOf(change)).toContain(problem);
});

const withoutDangling = (decider: AnyDecider): Change => ({
  deciders: shop.deciders.map((each) => (each.name === decider.name ? decider : each)),
});

test("a command without the field that identifies its stream is refused", () => {
  const commands = { ...inventory.commands, Count: z.object({ shelf: z.string() }), Close: z.object({}) };
  const problems = problemsOf(withoutDangling({ ...inventory, commands }));
  expect(problems).toContain(
    "decider inventory, command Count: expected the field sku, which identifies its stream; got shelf",
  );
  expect(problems).toContain(
    "decider inventory, command Close: expected the field sku, which identifies its stream; got no fields",
  );
});

/** Schemas that accept more than ids. */
const tooWide: Readonly<Record<string, z.ZodType>> = {
  "any text": z.string(),
  "a text that is not empty": z.string().min(1),
  "a short text": z.string().max(20),
  "a text of an unlimited length": z.string().regex(/^[A-Za-z0-9_-]+$/),
  "65 characters": z.string().regex(/^[A-Za-z0-9_-]{1,65}$/),
  "a text that may be empty": z.string().regex(/^[a-z]{0,5}$/),
  "a pattern that is not anchored": z.string().regex(/[a-z]/),
  "a pattern with a prefix": z.string().regex(/^ORD:\d+$/),
  "a pattern with a choice": z.string().regex(/^(ORD-\d{5}|REF\/\d{5})$/),
  "a dot": z.string().regex(/^v\d\.\d$/),
  "a negated class": z.string().regex(/^[^/]{3}$/),
  "an optional part": z.string().regex(/^\d{3}(\.\d)?$/),
  "unicode letters": z.string().regex(/^\p{L}{3}$/u),
  "an e-mail address": z.email(),
  "a URL": z.url(),
  "a time": z.iso.datetime(),
  cuid: z.cuid(),
  cuid2: z.cuid2(),
  base64: z.base64(),
  "IP addresses": z.ipv4(),
  "values of an enum": z.enum(["a", "b c"]),
  "a literal": z.literal("a/b"),
  "a union": z.union([z.uuid(), z.email()]),
  "a number": z.int(),
  nullable: z.string().regex(idPattern).nullable(),
  "a custom rule": z.string().refine((text) => text.startsWith("a")),
  "a template": z.templateLiteral(["order:", z.int()]),
  "the value of its example": z
    .string()
    .refine((text) => text.startsWith("key="))
    .meta({ examples: ["key=1"] }),
};

test.each(Object.entries(tooWide))(
  "a schema for ids that accepts %s is refused with a value that shows it",
  (_, schema) => {
    const unfit = unfitIdOf(schema);
    if (!unfit) expect.fail("no value was found");
    expect(schema.safeParse(unfit.value).success).toBe(true);
    expect(typeof unfit.value === "string" && isId(unfit.value)).toBe(false);
  },
);

const narrow: readonly z.ZodType[] = [
  z.string().regex(idPattern),
  z.string().regex(/^[A-Z]{2}-\d{4,6}$/),
  z.string().regex(/^\w+$/).max(64),
  z
    .string()
    .regex(/^[\w-]*$/)
    .min(1)
    .max(64),
  z.uuid(),
  z.ulid(),
  z.nanoid(),
  z.xid(),
  z.ksuid(),
  z.iso.date(),
  z.enum(["a", "b"]),
  z.literal("a"),
  z.union([z.uuid(), z.ulid()]),
  z
    .string()
    .regex(/^\w+$/)
    .refine((text) => text.length < 10),
  z.string().regex(idPattern).brand("OrderId"),
];

test.each(narrow.map((schema) => [schema]))(
  "a schema for ids that endpoints accept is accepted: %#",
  (schema) => {
    expect(unfitIdOf(schema)).toBeUndefined();
  },
);

const lots = (sku: z.ZodType): Change => {
  const Count = z.object({ sku });
  const decider: AnyDecider = {
    ...inventory,
    commands: { ...inventory.commands, Count },
    decide: { ...inventory.decide, Count: () => [] },
  };
  return withoutDangling(decider);
};

test("an identifier that endpoints reject is refused if its stream can be addressed over HTTP", () => {
  const counts = (change: Change) => problemsOf(change).filter((each) => each.includes("Count"));
  const problem =
    'decider inventory, command Count, sku: expected a schema that accepts only ids, as .regex(/^[A-Za-z0-9_-]{1,64}$/) does; this one accepts "", which endpoints reject';
  expect(counts(lots(z.string()))).toEqual([problem]);
  const routes = shop.routes.filter(({ path }) => !path.startsWith("/stock/"));
  expect(counts({ ...lots(z.string()), routes })).toEqual([]);
});

test("a path parameter that endpoints reject is also refused", () => {
  const commands = { Mark: z.object({ sku: receiveStock.schema.shape.sku, shelf: z.email() }) };
  const decider = { ...inventory, commands: { ...inventory.commands, ...commands } };
  const route: Route = {
    method: "POST",
    path: "/stock/{sku}/{shelf}",
    access: "public",
    owner: "none",
    command: command(decider, "Mark"),
  };
  const problems = problemsOf({ ...withoutDangling(decider), ...withRoute(route) });
  expect(problems.filter((each) => each.includes("shelf"))).toEqual([
    'POST /stock/{sku}/{shelf}, parameter shelf: expected a schema that accepts only ids, as .regex(/^[A-Za-z0-9_-]{1,64}$/) does; this one accepts "ada@example.com", which endpoints reject',
  ]);
});

test("members of every object are not fields, events or indexes unless they are declared", () => {
  const list: Route = {
    method: "GET",
    path: "/x",
    access: "public",
    owner: "none",
    list: stockLevel,
    indexes: ["constructor"],
  };
  expect(problemsOf(withRoute(list))).toEqual([
    "GET /x: expected indexes of projection stock-level (all), got constructor",
  ]);
  const projection = { ...stockLevel, name: "other", indexes: { strange: { newestFirst: "toString" } } };
  expect(validate({ ...shop, projections: [...shop.projections, Object(projection)] })).toEqual([
    "projection other, index strange: expected a field of the row (sku, received, reserved, taken, available), got toString",
  ]);
});

/** Names that fit a use, made of all characters that a name may have. */
const nameFor = (use: Use) =>
  fc.stringMatching(/^[A-Za-z0-9_.-]{1,12}$/).filter((name) => nameFaults(use, "here", name).length === 0);

test("names that fit give valid derived names", () => {
  const isVariable = /^[A-Z][A-Z0-9_]*$/;
  const run = { seed: 7, numRuns: 300 };
  fc.assert(
    fc.property(nameFor("projection"), (name) => {
      expect(`READ_MODEL_${variableName(name)}`).toMatch(isVariable);
    }),
    run,
  );
  fc.assert(
    fc.property(nameFor("handler"), (name) => {
      expect(logicalName(name)).toMatch(/^[A-Z][A-Za-z0-9]*$/);
      expect(`QUEUE_${variableName(name)}`).toMatch(isVariable);
    }),
    run,
  );
  const segments = fc.array(fc.stringMatching(/^([A-Za-z0-9._~-]{1,6}|\{\w{1,6}\})$/), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(segments, (all) => {
      const path = `/${all.join("/")}` as const;
      if (pathFaults("here", path).length > 0) return;
      expect(new URL(path, "https://example.com").pathname.replaceAll(/%7B|%7D/g, "")).toBe(
        path.replaceAll(/[{}]/g, ""),
      );
      expect(operationIdOf({ method: "GET", path })).toMatch(/^get\w*$/);
    }),
    run,
  );
});
