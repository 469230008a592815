import { expect, test } from "vitest";
import { apiDocuments } from "../../../../lib/compile/openapi/api-documents.ts";
import { toApiPage } from "../../../../lib/compile/openapi/api-page.ts";
import { toOpenApi } from "../../../../lib/compile/openapi/openapi.ts";
import { shop } from "../../../../lib/shop/shop.ts";

const document = toOpenApi(shop);
const page = toApiPage(document);

test("every operation and every schema stands in it", () => {
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, { operationId }] of Object.entries(methods)) {
      expect(page).toContain(`<section id="${operationId}">`);
      expect(page).toContain(`>${method.toUpperCase()} ${path}</a>`);
    }
  for (const name of Object.keys(document.components.schemas))
    expect(page).toContain(`<section id="${name}">`);
});

test("it needs nothing from elsewhere, and no script", () => {
  expect(page).not.toMatch(/<script|\ssrc=|<link|@import|url\(|\son\w+=/);
  expect([...page.matchAll(/href="([^"]*)"/g)].filter(([, target = ""]) => !target.startsWith("#"))).toEqual(
    [],
  );
});

test("every link leads somewhere within", () => {
  const targets = [...page.matchAll(/href="#([^"]*)"/g)].map(([, target]) => target);
  expect(targets.length).toBeGreaterThan(10);
  expect(targets.filter((target) => !page.includes(` id="${target}"`))).toEqual([]);
});

test("what is open stands closed again", () => {
  for (const tag of ["section", "details", "table", "pre", "ul", "h3"])
    expect(page.match(new RegExp(`<${tag}[ >]`, "g"))?.length).toBe(
      page.match(new RegExp(`</${tag}>`, "g"))?.length,
    );
});

test("what could be markup is text", () => {
  const info = { ...document.info, title: '<b>&"', description: "a < b" };
  expect(toApiPage({ ...document, info })).toContain("<title>&lt;b&gt;&amp;&quot;");
  expect(toApiPage({ ...document, info })).toContain("<p>a &lt; b</p>");
});

test("texts are made when they are asked for, and once", () => {
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
