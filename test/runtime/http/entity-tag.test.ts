import { describe, expect, test } from "vitest";
import { entityTagsPattern } from "../../../lib/model/http/headers.ts";
import { conditional, entityTagOf } from "../../../lib/runtime/http/entity-tag.ts";
import { toRequest } from "../gateway.ts";

const body = '{"a":1}';
const etag = entityTagOf(body, 4);
const weak = `W/${etag}`;
const headers = { "content-type": "application/json", etag, "cache-control": "no-cache" };
const sent = { status: 200, headers, body };
const notModified = { status: 304, headers: { etag, "cache-control": "no-cache" }, body: "" };
const stale = { kind: "stale", detail: `the current ETag is ${etag}`, headers: { etag } };

const answer = (given: Readonly<Record<string, string>>, response = sent) =>
  conditional(toRequest({ routes: [] }, { method: "GET", path: "/", headers: given }), response);

describe("an entity tag", () => {
  test("is the version and a hash of the bytes", () => {
    expect(etag).toMatch(/^"4\.[\w-]{16}"$/);
    expect(entityTagOf(body, 4)).toBe(etag);
  });

  test("differs with the bytes and with the version", () => {
    expect(new Set([etag, entityTagOf('{"a":2}', 4), entityTagOf(body, 5), entityTagOf(body)]).size).toBe(4);
  });

  test("without a version names none", () => {
    expect(entityTagOf(body)).toMatch(/^"[\w-]{16}"$/);
  });
});

describe("If-None-Match", () => {
  test.each([etag, weak, `"1", ${etag}`, `"1",${weak}`, `,"a,b", ${etag},`, "*", " * "])(
    "%s gets 304 without a content type",
    (given) => {
      expect(answer({ "if-none-match": given })).toEqual(notModified);
    },
  );

  test.each(['"4"', '"5"', `"${etag.slice(1, -1)}x"`, entityTagOf(body), '""', `"1,${etag.slice(1, -1)},2"`])(
    "%s gets the body",
    (given) => {
      expect(answer({ "if-none-match": given })).toEqual(sent);
    },
  );
});

describe("If-Match", () => {
  test.each([etag, `"1", ${etag}`, "*"])("%s gets the body", (given) => {
    expect(answer({ "if-match": given })).toEqual(sent);
  });

  test.each([weak, '"4"', '"1", "2"'])("%s gets 412", (given) => {
    expect(answer({ "if-match": given })).toEqual(stale);
  });

  test("comes before If-None-Match", () => {
    expect(answer({ "if-match": '"1"', "if-none-match": etag })).toEqual(stale);
    expect(answer({ "if-match": etag, "if-none-match": etag })).toEqual(notModified);
  });
});

test.each(["if-match", "if-none-match"])("a malformed %s is a problem", (name) => {
  expect(answer({ [name]: etag.slice(1, -1) })).toMatchObject({ kind: "header" });
});

test.each([302, 404])("an answer with status %i has no preconditions", (status) => {
  const response = { ...sent, status };
  expect(answer({ "if-match": '"1"', "if-none-match": "*" }, response)).toBe(response);
  expect(answer({ "if-match": "malformed" }, response)).toBe(response);
});

test("a long list without an end is refused at once", () => {
  expect(entityTagsPattern.test(`${', \t"1"  '.repeat(1000)}x`)).toBe(false);
  expect(entityTagsPattern.test(`${", ".repeat(5000)}x`)).toBe(false);
});
