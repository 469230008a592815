import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { apiDocuments } from "../../../../lib/compile/openapi/api-documents.ts";
import { toOpenApi } from "../../../../lib/compile/openapi/openapi.ts";
import type { Operation } from "../../../../lib/compile/openapi/operation.ts";
import { patternOf } from "../../../../lib/compile/schemas/schemas.ts";
import { entityTagsPattern } from "../../../../lib/model/http/headers.ts";
import { type CommandRoute, hasOwner, type Route } from "../../../../lib/model/http/route.ts";
import { order } from "../../../../lib/shop/orders/order.ts";
import { orderSummary } from "../../../../lib/shop/orders/order-summary.ts";
import { shop } from "../../../../lib/shop/shop.ts";
import { faultsOf } from "../../../compile/documented.ts";
import { donateBook, donatedBook } from "../../../library/fixtures/donations.ts";
import { application as library } from "../../../library/lib/application.ts";
import { requests } from "../../../runtime/http/attack.ts";
import { northwind, placeable } from "../../domain/orders.ts";
import { door, json } from "../../runtime/door.ts";
import { server } from "../../runtime/server.ts";

const document = toOpenApi(shop);

const operationOf = ({ method, path }: Pick<Route, "method" | "path">) => {
  const operation = document.paths[path]?.[method.toLowerCase()];
  if (!operation) throw new Error(`no ${method} ${path}`);
  return operation;
};

const bodyOf = (route: Pick<Route, "method" | "path">) =>
  operationOf(route).requestBody?.content["application/json"];

const routes: readonly Route[] = shop.routes;
const commandRoutes = routes.filter((route): route is CommandRoute => "command" in route);

test("every route is an operation, and nothing else is", () => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const routes = shop.routes.flatMap(({ method, path }) =>
    method === "GET" ? [`GET ${path}`, `HEAD ${path}`] : [`${method} ${path}`],
  );
  expect(operations.toSorted()).toEqual(["GET /", "HEAD /", ...routes].toSorted());
});

test("the summary of an operation is the route's summary; without one it is derived from the route", () => {
  const routes = shop.routes.map(({ summary: _, ...route }): Route => route);
  const without = toOpenApi({ ...shop, routes }).paths["/orders"];
  const { post, head } = document.paths["/orders"] ?? {};
  expect([post?.summary, without?.post?.summary]).toEqual(["Place an order", "PlaceOrder"]);
  expect(head?.summary).toBe("The headers of: List orders, the newest first, or by customer or status");
  expect(shop.routes.filter(({ summary }) => summary === undefined)).toEqual([]);
});

test("operations have unique ids", () => {
  const ids = Object.values(document.paths).flatMap((item) =>
    Object.values(item).map(({ operationId }) => operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain("postOrdersByOrderIdCancellation");
});

test.each([shop, library])("every reference of $name can be resolved", (application) => {
  const made = toOpenApi(application);
  const references = [...JSON.stringify(made).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
  expect(references.length).toBeGreaterThan(0);
  expect(references.filter(([, name = ""]) => !Object.hasOwn(made.components.schemas, name))).toEqual([]);
});

describe("the document of a deployment", () => {
  const guarded = { path: "/orders", method: "post" };
  const of = (guard: "jwt" | "iam" | "open") => {
    const { paths, components } = toOpenApi(shop, guard);
    const operation = paths[guarded.path]?.[guarded.method];
    return {
      schemes: Object.keys(components.securitySchemes),
      security: operation?.security,
      refusals: Object.entries(operation?.responses ?? {})
        .filter(([, { content = {} }]) => "application/json" in content)
        .map(([status]) => status)
        .filter((status) => !status.startsWith("2")),
      all: Object.values(paths).flatMap((item) => Object.values(item).map(({ security }) => security)),
    };
  };

  test("that is open declares no security, and only throttling as an answer of the gateway", () => {
    const { schemes, refusals, all } = of("open");
    expect({ schemes, refusals }).toEqual({ schemes: [], refusals: ["429"] });
    expect(all.flat()).toEqual([]);
    expect(JSON.parse(apiDocuments(shop, "open").openapi()).components.securitySchemes).toEqual({});
  });

  test("with an issuer declares only tokens", () => {
    const { schemes, security, refusals } = of("jwt");
    expect({ schemes, security, refusals }).toEqual({
      schemes: ["token"],
      security: [{ token: ["customer"] }, { token: ["operator"] }],
      refusals: ["401", "403", "429"],
    });
  });

  test("without an issuer declares only signatures", () => {
    const { schemes, security, refusals } = of("iam");
    expect({ schemes, security, refusals }).toEqual({
      schemes: ["signature"],
      security: [{ signature: [] }],
      refusals: ["401", "403", "429"],
    });
  });
});

describe("owners", () => {
  const described = (guard: "jwt" | "iam" | "open", callers?: "exempt" | "owner") =>
    toOpenApi(shop, guard, callers).info.description;

  test("the document says what a caller without a token counts as", () => {
    expect(described("jwt")).not.toContain("exempt");
    expect(described("iam")).toContain("Callers with AWS credentials count as exempt");
    expect(described("iam", "owner")).toContain("the things whose owner is the ARN of its user or role");
    expect(described("open")).toContain("open to everyone. All callers count as exempt");
    expect(document.info.description).toContain("without a token issuer, callers count as exempt");
    const ownerless = { ...shop, routes: routes.filter((route) => !hasOwner(route)) };
    expect(toOpenApi(ownerless, "open").info.description).not.toContain("exempt");
  });

  test.each([
    ["POST", "/orders", "customer.id must be the subject", "403"],
    ["POST", "/orders/{orderId}/return", "Only for the owner", "404"],
    ["GET", "/orders/{orderId}", "Only for the owner", "404"],
    ["GET", "/orders", "only the rows that the caller owns", "403"],
  ])("%s %s says whose things it is for", (method, path, rule, refusal) => {
    const route = routes.find((each) => each.method === method && each.path === path);
    const { description, responses } = operationOf(route ?? { method: "GET", path: "/" });
    expect(description).toContain(rule);
    expect(description).toContain("Callers with the scope operator are exempt.");
    expect(Object.keys(responses)).toContain(refusal);
  });

  test("a list of own rows requires no parameter", () => {
    const { description, parameters } = toOpenApi(library).paths["/loans"]?.get ?? { parameters: [] };
    expect(description).toContain("Exempt callers must send the parameter memberId.");
    expect(parameters.filter(({ name, required }) => name === "memberId" && required)).toEqual([]);
  });
});

test("every operation may be throttled, and says that the gateway's answers have only a message", () => {
  const operations = Object.values(document.paths).flatMap((item) => Object.entries(item));
  for (const [method, { responses }] of operations) {
    const { headers, content } = responses["429"] ?? {};
    expect(headers).toBeUndefined();
    if (method === "head") continue;
    expect(content).toEqual({
      "application/json": {
        schema: {
          type: "object",
          description: "API Gateway answers this itself, so it is not a problem document",
          properties: { message: { type: "string" } },
          required: ["message"],
        },
      },
    });
  }
  expect(document.info.description).toContain("API Gateway itself answers 401, 403 and 429");
});

test.each(shop.routes)("$method $path declares the parameters of its path", (route) => {
  const declared = operationOf(route).parameters.filter((parameter) => parameter.in === "path");
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  expect(declared.map(({ name }) => name)).toEqual(inPath);
  expect(declared.every(({ required }) => required)).toBe(true);
});

test.each(routes)("$method $path has the access of its row, or of an exempt caller", (route) => {
  const { security, responses } = operationOf(route);
  const exempt = "owner" in route && route.owner !== "none" ? route.owner.exempt : [];
  const tokens = [route.access, ...exempt].map((scope) => ({ token: [scope] }));
  expect(security).toEqual(route.access === "public" ? [] : [...tokens, { signature: [] }]);
  expect(Object.hasOwn(responses, "401")).toBe(route.access !== "public");
});

describe("a body", () => {
  test.each(commandRoutes)("of $method $path is accepted as in the example", async (route) => {
    const body = bodyOf(route)?.example;
    const path = route.path.replaceAll(/\{\w+\}/g, "1");
    const answer = await door().ask({
      method: route.method,
      path,
      headers: { ...json, "idempotency-key": "k" },
      body,
    });
    expect(answer).toMatchObject({ status: 202 });
  });

  test("that clients send is as documented", () => {
    const schema = bodyOf({ method: "POST", path: "/orders" })?.schema;
    for (const body of [placeable, ...northwind("orders")]) expect(faultsOf(document, schema, body)).toBe("");
  });

  test.each([
    ["an unknown field", { ...placeable, color: "red" }],
    ["an unknown field of a line", { ...placeable, lines: [{ ...placeable.lines[0], color: "red" }] }],
    ["no lines", { ...placeable, lines: [] }],
    ["an id outside the alphabet", { ...placeable, orderId: "a b" }],
    ["half an article", { ...placeable, lines: [{ ...placeable.lines[0], quantity: 0.5 }] }],
  ])("with %s is not", (_, body) => {
    expect(faultsOf(document, bodyOf({ method: "POST", path: "/orders" })?.schema, body)).not.toBe("");
  });

  test("need not contain the fields of the path, nor the generated id", () => {
    expect(bodyOf({ method: "POST", path: "/orders/{orderId}/cancellation" })?.schema).toMatchObject({
      properties: { reason: { type: "string", maxLength: 500 } },
      required: ["reason"],
    });
    expect(bodyOf({ method: "POST", path: "/orders" })?.schema.required).not.toContain("orderId");
  });
});

describe("HEAD", () => {
  const reads = Object.entries(document.paths).filter(([, { get }]) => get);

  test.each(reads)("of %s has the parameters of GET, and the same answers without content", (_, item) => {
    const { get, head } = item;
    expect(head).toMatchObject({ parameters: get?.parameters, security: get?.security, tags: get?.tags });
    const answers = (responses: Operation["responses"] = {}) =>
      Object.entries(responses).map(([status, { headers, description }]) => ({
        status,
        headers,
        description,
      }));
    expect(answers(head?.responses)).toEqual(answers(get?.responses));
    expect(Object.values(head?.responses ?? {}).filter(({ content }) => content)).toEqual([]);
  });
});

test("every answer that may be stored has an ETag, and conditions that may fail", () => {
  for (const route of shop.routes.filter(({ method }) => method === "GET")) {
    const { parameters, responses } = operationOf(route);
    expect(Object.keys(responses["200"]?.headers ?? {}), route.path).toContain("ETag");
    expect(Object.keys(responses["304"]?.headers ?? {}), route.path).toContain("ETag");
    expect(Object.keys(responses), route.path).toContain("412");
    const conditions = parameters.filter(({ name }) => /^If-(None-)?Match$/.test(name));
    expect(conditions.map(({ schema }) => schema.pattern)).toEqual([
      patternOf(entityTagsPattern),
      patternOf(entityTagsPattern),
    ]);
  }
});

test("the root redirects to the page", () => {
  expect(document.paths["/"]?.get?.responses["302"]?.headers?.Location?.schema).toEqual({ const: "/docs" });
});

test("a key is required if the row says so", () => {
  const keyOf = (path: `/${string}`) =>
    operationOf({ method: "POST", path }).parameters.find(({ name }) => name === "Idempotency-Key");
  expect(keyOf("/stock/{sku}/receipts")).toMatchObject({ in: "header", required: true });
  expect(keyOf("/orders")).toMatchObject({ in: "header", required: false });
});

const single = { type: "string", minLength: 1, pattern: "^[^,]+$" };

test("a list names its filters and its limits", () => {
  const { parameters } = operationOf({ method: "GET", path: "/orders" });
  expect(parameters).toEqual(
    expect.arrayContaining([
      { name: "customerId", in: "query", schema: single },
      {
        name: "status",
        in: "query",
        schema: { type: "string", enum: [...orderSummary.row.shape.status.values] },
      },
      { name: "limit", in: "query", schema: { type: "integer", minimum: 1, maximum: 100, default: 20 } },
    ]),
  );
});

test.each(["/orders", "/stock", "/sagas"] as const)("the next page of %s has a token", (path) => {
  const { parameters } = operationOf({ method: "GET", path });
  expect(parameters.find(({ name }) => name === "next")?.schema).toEqual({ type: "string", minLength: 1 });
});

test("a list that needs its only filter requires it", () => {
  const routes = shop.routes.map((route) =>
    "list" in route && route.path === "/orders"
      ? { ...route, owner: "none" as const, indexes: ["byStatus"] }
      : route,
  );
  const { parameters } = toOpenApi({ ...shop, routes }).paths["/orders"]?.get ?? { parameters: [] };
  expect(parameters.filter(({ required }) => required).map(({ name }) => name)).toEqual(["status"]);
});

describe("the codes of rejections are those of the decider", () => {
  const codesOf = (operation: Operation, status: string) => {
    const content = operation.responses[status]?.content?.["application/problem+json"];
    return content?.schema.properties?.code;
  };

  test("by their kinds", () => {
    const operation = operationOf({ method: "POST", path: "/orders/{orderId}/approval" });
    expect(codesOf(operation, "409")).toEqual({
      enum: order.rejections.filter((code) => code !== "unknown-order"),
    });
    expect(codesOf(operation, "404")).toEqual({ enum: ["unknown-order"] });
    expect(operation.responses["403"]?.content).not.toHaveProperty("application/problem+json");
  });

  test("also with status 403, beside the gateway's own answer", () => {
    const decider = { ...order, rejectionKinds: { "already-placed": "forbidden" } } as const;
    const strict = { ...shop, deciders: [decider, ...shop.deciders.slice(1)] };
    const operation = toOpenApi(strict).paths["/orders"]?.post;
    if (!operation) throw new Error("no POST /orders");
    expect(codesOf(operation, "403")).toEqual({ enum: ["already-placed"] });
    expect(Object.keys(operation.responses["403"]?.content ?? {})).toEqual([
      "application/problem+json",
      "application/json",
    ]);
    expect(operation.responses["404"]).toBeUndefined();
  });
});

const jsonIn = (text: string): unknown => (text === "" ? undefined : JSON.parse(text));

test("every answer of the endpoints to any request is documented", async () => {
  const { answer } = server(shop);
  const seen = new Set<string>();
  for (const sent of fc.sample(requests(shop), { seed: 11, numRuns: 1500 })) {
    const { response, route: path } = await answer(sent);
    const route = shop.routes.find((each) => each.path === path && each.method === sent.method);
    if (!route || "document" in route || ("sagas" in route && route.sagas === "resume")) continue;
    const where = `${route.method} ${route.path} → ${response.status}`;
    const documented = operationOf(route).responses[response.status];
    expect(documented, where).toBeDefined();
    const [schema] = Object.values(documented?.content ?? {}).map((content) => content.schema);
    const body = jsonIn(response.body);
    if (body !== undefined) expect(faultsOf(document, schema, body), `${where} ${response.body}`).toBe("");
    const headers = Object.keys(documented?.headers ?? {}).map((name) => name.toLowerCase());
    expect([...headers, "content-type"], where).toEqual(
      expect.arrayContaining(Object.keys(response.headers)),
    );
    seen.add(where);
  }
  expect(seen.size).toBeGreaterThan(24);
});

test("a problem that is not documented would be noticed", () => {
  const content = operationOf({ method: "GET", path: "/stock" }).responses["400"]?.content;
  const schema = content?.["application/problem+json"]?.schema;
  const problem = { title: "t", status: 400 };
  expect(faultsOf(document, schema, { ...problem, type: "urn:eventfold:problem:schema" })).toBe("");
  expect(faultsOf(document, schema, { ...problem, type: "urn:eventfold:problem:key-required" })).not.toBe("");
});

test("the document has a version even if the application has none", () => {
  const { version: _, ...unversioned } = shop;
  expect(z.string().min(1).parse(toOpenApi(unversioned).info.version)).toBe("0.0.0");
});

test("the body of a command with transforms is documented as the client sends it", () => {
  const donations = toOpenApi({
    name: "donations",
    deciders: [donatedBook],
    projections: [],
    routes: [{ method: "POST", path: "/donations", access: "public", owner: "none", command: donateBook }],
  });
  const { schema } = donations.paths["/donations"]?.post?.requestBody?.content["application/json"] ?? {};
  const properties: unknown = Object(schema).properties;
  expect(properties).toMatchObject({
    note: { type: "string" },
    hardback: { type: "string" },
    price: { type: "object", properties: { amount: { type: "string" } }, additionalProperties: false },
    shelf: { type: "object", properties: { room: { type: "string" } }, additionalProperties: false },
  });
  expect(properties).toHaveProperty("subjects");
});
