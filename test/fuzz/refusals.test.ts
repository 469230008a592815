/** Which refusals of requests that fit the document are excused. */
import { expect, test } from "vitest";
import { unexcused } from "./refusals.ts";

const encoded = (text: string) => ({ $base64: Buffer.from(text).toString("base64") });

type Sent = {
  readonly method?: string;
  readonly path?: string;
  readonly body?: string;
  readonly status?: number;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  readonly mode?: string;
};

const reported = ({
  method = "GET",
  path = "/orders",
  body,
  status = 400,
  errors,
  mode = "positive",
}: Sent) => {
  const request = { method, uri: `http://127.0.0.1${path}`, body: body === undefined ? null : encoded(body) };
  const content = errors && encoded(JSON.stringify({ type: "urn:eventfold:problem:schema", errors }));
  const recorder = {
    cases: { a: { value: { meta: { generation: { mode } } } } },
    interactions: { a: { request, response: { status_code: status, content } } },
  };
  return `${JSON.stringify({ EngineStarted: {} })}\n${JSON.stringify({ ScenarioFinished: { recorder } })}\n`;
};

const next = { pointer: "/next", detail: "must be the value of next in an earlier page of this list" };
const twice = { pointer: "/lines/1/sku", detail: "must not repeat an article" };

test.each<[string, Sent]>([
  ["an answer that is not a refusal", { status: 409 }],
  ["a request that does not fit the schema", { mode: "negative", errors: [] }],
  ["a cursor from elsewhere", { path: "/orders?next=0", errors: [next] }],
  ["a cursor from elsewhere in HEAD", { method: "HEAD", path: "/orders?next=0" }],
  ["an id with a slash", { path: "/orders/checkout%2F1", errors: [{ pointer: "/orderId", detail: "d" }] }],
  ["an article twice", { method: "POST", body: "{}", errors: [twice] }],
  ["U+FFFD in a string", { method: "POST", body: '{"reason":"\ufffd"}', errors: [] }],
  ["U+FFFD as an escape", { method: "POST", body: '{"reason":"\\uFFFD"}', errors: [] }],
  ["U+FFFD in a query", { path: "/orders?customerId=%EF%BF%BD", errors: [] }],
])("%s is excused", (_, sent) => expect(unexcused(reported(sent))).toEqual([]));

test.each<[string, Sent]>([
  ["a query that fits", { path: "/orders?customerId=a", errors: [{ pointer: "/customerId", detail: "d" }] }],
  [
    "a cursor with a second fault",
    { path: "/orders?next=0", errors: [next, { pointer: "/limit", detail: "d" }] },
  ],
  ["an article twice with a second fault", { errors: [twice, { pointer: "/reason", detail: "d" }] }],
  ["an id that fits", { path: "/orders/1", errors: [{ pointer: "/orderId", detail: "d" }] }],
  ["a header that fits", { method: "POST", body: "{}" }],
  ["a content type that fits", { method: "POST", body: "{}", status: 415, errors: [] }],
])("%s is not excused", (_, sent) => {
  const { status = 400, path = "/orders" } = sent;
  expect(unexcused(reported(sent))).toEqual([expect.stringContaining(`${status} `)]);
  expect(unexcused(reported(sent))[0]).toContain(path);
});
