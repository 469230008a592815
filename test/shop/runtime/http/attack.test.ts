import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { AnyApplication } from "../../../../lib/model/application.ts";
import type { SentCommand } from "../../../../lib/model/message.ts";
import { idOf } from "../../../../lib/model/stream.ts";
import type { HttpResponse } from "../../../../lib/ports/http.ts";
import { shop } from "../../../../lib/shop/shop.ts";
import { application as library } from "../../../library/lib/application.ts";
import { type AttackRequest, requests } from "../../../runtime/http/attack.ts";
import { placeable } from "../../domain/orders.ts";
import { json } from "../door.ts";
import { type Streams, server } from "../server.ts";

/** Answers of a decider, or an accepted command. Every other problem is found before. */
const isByBusiness = ({ method }: AttackRequest, { status, body }: HttpResponse): boolean =>
  [202, 409, 422].includes(status) ||
  (status === 412 && method === "POST") ||
  (status >= 400 && Object.hasOwn(JSON.parse(body), "code"));

const isWhole = ({ type, data, streamId }: SentCommand): boolean => {
  const text = JSON.stringify(data);
  return (
    type !== "" && /^[a-z]+-[A-Za-z0-9_-]{1,64}$/.test(streamId) && !/\\ud[89a-f]|__proto__":/.test(text)
  );
};

/** The data of the command is exactly the data that was sent, except for a generated id. */
const isWhatWasSent = (sent: AttackRequest, parameters: object, { data, streamId }: SentCommand): void => {
  const body = sent.body.length > 0 ? JSON.parse(new TextDecoder().decode(sent.body)) : {};
  const given = { ...body, ...parameters };
  const made = Object.keys(data).filter((name) => !Object.hasOwn(given, name));
  expect(data).toStrictEqual({ ...given, ...Object.fromEntries(made.map((name) => [name, idOf(streamId)])) });
};

/** By key: the answer to the first request with it. */
type Answered = Map<string, string>;

/** A command is decided once per key: the same request has the same answer, and a different one is refused. */
const checkKey = (
  sent: AttackRequest,
  response: HttpResponse,
  reached: readonly SentCommand[],
  answered: Answered,
): void => {
  const { status, body } = response;
  const key = sent.headers["idempotency-key"] ?? "";
  const first = answered.get(key);
  if (!isByBusiness(sent, response)) expect(reached).toEqual([]);
  else if (first === undefined) expect(reached).toHaveLength(1);
  else {
    expect(reached).toEqual([]);
    if (status !== 422) expect(body).toBe(first);
  }
  if (key !== "" && isByBusiness(sent, response) && ![304, 412, 422].includes(status))
    answered.set(key, body);
};

const check = ({ status, headers, body }: HttpResponse, reached: readonly SentCommand[]): void => {
  expect(status).toBeLessThan(500);
  expect(reached.every(isWhole)).toBe(true);
  expect(body.length).toBeLessThan(20_000);
  expect(headers["x-correlation-id"]).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  expect(Object.values(headers).join("")).not.toMatch(/[^\x20-\x7e]/);
  if (status < 400) return;
  expect(headers["content-type"]).toBe("application/problem+json");
  expect(JSON.parse(body)).toMatchObject({ status, type: expect.stringMatching(/^urn:eventfold:problem:/) });
};

/** Stored commits do not change. An accepted command adds one commit to its stream, or none. */
const checkStreams = (before: Streams, after: Streams, accepted: readonly SentCommand[]): void => {
  for (const [id, commits] of Object.entries(after)) {
    const stored = before[id] ?? [];
    expect(commits.slice(0, stored.length)).toEqual(stored);
    const addedMax = accepted.some(({ streamId }) => streamId === id) ? 1 : 0;
    expect(commits.length - stored.length).toBeLessThanOrEqual(addedMax);
  }
};

test.each<readonly [string, AnyApplication]>([
  ["shop", shop],
  ["library", library],
])("whatever is sent to the %s, it answers, and accepts valid requests", async (_, application) => {
  await fc.assert(
    fc.asyncProperty(fc.array(requests(application), { minLength: 1, maxLength: 10 }), async (sent) => {
      const { answer } = server(application);
      const answered: Answered = new Map();
      for (const each of sent) {
        const { response, parameters, reached, before, after } = await answer(each);
        check(response, reached);
        checkKey(each, response, reached, answered);
        checkStreams(before, after, response.status === 202 ? reached : []);
        for (const command of reached) isWhatWasSent(each, parameters, command);
      }
    }),
    { numRuns: 150 },
  );
});

test("the attack gets every possible answer", async () => {
  const { answer } = server(shop);
  const body = new TextEncoder().encode(JSON.stringify({ ...placeable, orderId: "1" }));
  const place = { method: "POST", path: "/orders", query: {}, headers: json, body };
  expect((await answer(place)).response.status).toBe(202);
  const statuses = new Map<number, number>();
  for (const each of fc.sample(requests(shop), { seed: 7, numRuns: 3000 })) {
    const { status } = (await answer(each)).response;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  const expected = [200, 202, 204, 304, 400, 404, 405, 409, 412, 413, 415, 422];
  expect([...statuses.keys()].toSorted()).toEqual(expected);
});
