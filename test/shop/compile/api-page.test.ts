import { expect, test } from "vitest";
import { apiDocuments } from "../../../lib/compile/openapi/api-documents.ts";
import { curlOf } from "../../../lib/compile/openapi/curl.ts";
import { toOpenApi } from "../../../lib/compile/openapi/openapi.ts";
import type { Operation } from "../../../lib/compile/openapi/operation.ts";
import { toApiPage } from "../../../lib/compile/page/api-page.ts";
import { writtenPatterns } from "../../../lib/compile/page/written-patterns.ts";
import { escaped } from "../../../lib/model/http/html.ts";
import { shop } from "../../../lib/shop/shop.ts";

const document = toOpenApi(shop);
const written = writtenPatterns(shop);
const page = toApiPage(document, written);

test("it contains every operation and every schema, but not HEAD", () => {
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, { operationId, summary }] of Object.entries(methods)) {
      const isShown = method !== "head";
      expect(page.includes(`<section id="${operationId}"`)).toBe(isShown);
      const link = `<a href="#${operationId}">${summary}</a> <b class="${method}">${method.toUpperCase()}</b> <code>${path}</code>`;
      expect(page.includes(link)).toBe(isShown);
    }
  for (const name of Object.keys(document.components.schemas))
    expect(page).toContain(`<section id="${name}">`);
});

test("patterns are shown as in the schemas, and a format needs none", () => {
  expect(JSON.stringify(document)).not.toContain('"\\\\S"');
  expect(page).toContain("&quot;pattern&quot;: /\\S/");
  expect(page).toContain("&quot;pattern&quot;: /^[A-Za-z0-9_-]{1,64}$/");
  expect(page).toContain("<code>^[A-Za-z0-9_-]{1,64}$</code>");
  expect(page).toContain("<code>*, or entity tags such as &quot;1&quot; with commas between them</code>");
  expect(page).toContain("&quot;format&quot;: &quot;date&quot;\n");
  expect(page).not.toContain("-02-29");
});

test("a pattern that no schema has is shown as it is", () => expect(written("^a$")).toBe("^a$"));

test("each operation has a curl line", () => {
  expect(page).toContain(
    escaped(
      `curl -X POST -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -H 'idempotency-key: postStockBySkuReceipts-1' -d '{"quantity":1}' "$API/stock/pear/receipts"`,
    ),
  );
  expect(page).toContain("<pre>curl &quot;$API/stock/pear&quot;</pre>");
  expect(page.match(/<pre>curl /g)?.length).toBe(page.match(/<h4>Answers/g)?.length);
});

test.each([
  ["jwt", 'curl -H "authorization: Bearer $TOKEN" "$API/orders/10248"', true],
  [
    "iam",
    'curl --aws-sigv4 "aws:amz:$AWS_REGION:execute-api" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H "x-amz-security-token: $AWS_SESSION_TOKEN" "$API/orders/10248"',
    false,
  ],
  ["open", 'curl "$API/orders/10248"', false],
] as const)("the curl line of an API that is guarded by %s proves who calls", (guard, line, hasToken) => {
  const guarded = apiDocuments(shop, guard).page();
  expect(guarded).toContain(`<pre>${escaped(line)}</pre>`);
  expect(guarded.includes("<code>TOKEN</code>")).toBe(hasToken);
});

test("a curl line has the query parameters that are required, and encodes what it fills in", () => {
  const operation: Operation = {
    operationId: "getLoans",
    summary: "",
    tags: [],
    security: [],
    responses: {},
    parameters: [
      { name: "name", in: "path", required: true, schema: { examples: ["a b"] } },
      { name: "by", in: "query", required: true, schema: { examples: ["x&y"] } },
      { name: "limit", in: "query", schema: { examples: [1] } },
    ],
  };
  expect(curlOf("get", "/loans/{name}", operation)).toBe('curl "$API/loans/a%20b?by=x%26y"');
});

test("it has no external resources and no script", () => {
  expect(page).not.toMatch(/<script|\ssrc=|<link|@import|url\(|\son\w+=/);
  expect([...page.matchAll(/href="([^"]*)"/g)].filter(([, target = ""]) => !target.startsWith("#"))).toEqual(
    [],
  );
});

test("every link leads to a place on the page", () => {
  const targets = [...page.matchAll(/href="#([^"]*)"/g)].map(([, target]) => target);
  expect(targets.length).toBeGreaterThan(10);
  expect(targets.filter((target) => !page.includes(` id="${target}"`))).toEqual([]);
});

test("every opened tag is closed", () => {
  for (const tag of ["section", "details", "table", "pre", "ul", "h3"])
    expect(page.match(new RegExp(`<${tag}[ >]`, "g"))?.length).toBe(
      page.match(new RegExp(`</${tag}>`, "g"))?.length,
    );
});

test("text that looks like markup is escaped", () => {
  const info = { ...document.info, title: '<b>&"', description: "a < b" };
  expect(toApiPage({ ...document, info }, written)).toContain("<title>&lt;b&gt;&amp;&quot;");
  expect(toApiPage({ ...document, info }, written)).toContain("<p>a &lt; b</p>");
});

test("texts are made on the first request, and only once", () => {
  let asked = 0;
  const counted = {
    ...shop,
    get routes() {
      asked += 1;
      return shop.routes;
    },
  };
  const documents = apiDocuments(counted);
  expect(asked).toBe(0);
  expect(documents.page()).toBe(documents.page());
  expect(JSON.parse(documents.openapi())).toEqual(JSON.parse(JSON.stringify(document)));
  const first = asked;
  expect(documents.openapi()).toBe(documents.openapi());
  expect(asked).toBe(first);
});
