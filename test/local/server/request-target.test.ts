/** The four forms of a request target (RFC 9112, section 3.2), as bytes on a socket. */
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Reply } from "../../../lib/local/http-api/reply.ts";
import { type Listener, listen } from "../../../lib/local/machine/listener.ts";
import { publicServer } from "../../../lib/local/server/public-server.ts";

let listener: Listener;

beforeAll(async () => {
  listener = await listen(0);
  const echo =
    (who: string) =>
    async ({ url, headers, rawHeaders }: IncomingMessage): Promise<Reply> => ({
      status: 200,
      headers: {},
      body: JSON.stringify({ who, url, headers, rawHeaders }),
    });
  listener.serve(publicServer(echo("admin"), echo("api"), () => {}));
});
afterAll(() => listener.stop());

const send = (start: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(listener.url).port), "127.0.0.1");
    let answer = "";
    socket.setEncoding("utf8").on("data", (text) => {
      answer += text;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(answer));
    socket.write(`${start} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Other: host\r\nConnection: close\r\n\r\n`);
  });

const answerTo = async (start: string) => {
  const answer = await send(start);
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  return JSON.parse(answer.split("\r\n\r\n")[1] ?? "");
};

test.each([
  ["GET /orders/a%20b?x=1", "api", "/orders/a%20b?x=1"],
  ["GET http://shop.example/orders/a%20b?x=1", "api", "/orders/a%20b?x=1"],
  ["GET HTTPS://shop.example:8443/orders", "api", "/orders"],
  ["GET http://user@shop.example/orders", "api", "/orders"],
  ["GET http://shop.example", "api", "/"],
  ["GET http://shop.example?x=1", "api", "/?x=1"],
  ["GET http://shop.example/_local/clock", "admin", "/_local/clock"],
  ["GET http://shop.example/http://other/", "api", "/http://other/"],
  ["GET //orders", "api", "//orders"],
])("%s is answered", async (start, who, url) => {
  expect(await answerTo(start)).toMatchObject({ who, url });
});

test("the host in an absolute target has priority over the header", async () => {
  const { headers, rawHeaders } = await answerTo("GET http://shop.example:81/orders");
  expect(headers).toMatchObject({ host: "shop.example:81", "x-other": "host" });
  expect(rawHeaders).toEqual(["host", "shop.example:81", "X-Other", "host", "Connection", "close"]);
});

test.each(["OPTIONS *", "GET *", "GET ftp://shop.example/orders", "GET http:///orders"])(
  "%s is a bad request",
  async (start) => {
    expect(await send(start)).toMatch(/^HTTP\/1\.1 400 /);
  },
);

test("CONNECT is refused with a response", async () => {
  expect(await send("CONNECT shop.example:443")).toMatch(/^HTTP\/1\.1 405 /);
});
