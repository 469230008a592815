import { expect, test } from "vitest";
import type { About } from "../../../lib/local/server/host-pages.ts";
import { requests } from "../../../lib/local/server/requests.ts";
import { startPage } from "../../../lib/local/server/start-page.ts";
import type { Resource } from "../../../lib/local/service/service.ts";

const resource: Resource = { id: "Table", type: "T", name: "t", arn: "arn", properties: {} };

const alarm: Resource = { ...resource, type: "Alarm", notRun: "not evaluated" };

const about: About = {
  title: "shop on this machine",
  facts: [{ name: "Bus", value: "kafka" }],
  links: [{ path: "/docs", about: "Read this API as a page" }],
  concerns: async ({ resources }) => [
    { what: `${resources.length} parked`, why: "no stock", help: "resume" },
  ],
};

const invoke = () => Promise.reject(new Error("nothing is invoked"));

const shown = (more: Partial<About> = {}, list: Parameters<typeof startPage>[0]["requests"] = []) =>
  startPage({
    cloud: { resources: [resource, alarm, alarm, { ...resource, notRun: "unknown" }], invoke },
    about: { ...about, ...more },
    requests: list,
  });

test("the start page shows what runs, where to look and what needs attention", async () => {
  const page = await shown();
  expect(page).toContain("<h1>shop on this machine</h1>");
  expect(page).toContain("<dt>Bus</dt><dd>kafka</dd>");
  expect(page).toContain("<dt>Resources that run</dt><dd>1</dd>");
  expect(page).toContain('<a href="/docs">/docs</a> Read this API as a page');
  expect(page).toContain('<a href="/_local/mailbox.html">');
  expect(page).toContain("<strong>4 parked</strong><br>no stock<br><code>resume</code>");
  expect(page).toContain("No request since the start.");
});

test("the start page counts the resources that do not run, per type, with the reason", async () => {
  const page = await shown();
  const name = "<dt>Resources that do not run here</dt>";
  expect(page).toContain(
    `${name}<dd>2 of type Alarm: not evaluated</dd>${name}<dd>1 of type T: unknown</dd>`,
  );
});

test("the start page says that nothing needs attention", async () => {
  expect(await shown({ concerns: async () => [] })).toContain("<p>Nothing.</p>");
});

test("the start page says why it cannot read what needs attention", async () => {
  const page = await shown({ concerns: () => Promise.reject(new Error("the table is gone")) });
  expect(page).toContain("What needs attention cannot be read");
  expect(page).toContain("the table is gone");
  expect(page).toContain("<dt>Bus</dt>");
});

test("without pages of the application, the start page shows what the template says", async () => {
  const page = await startPage({ cloud: { resources: [resource], invoke }, requests: [] });
  expect(page).toContain("<h1>Local cloud</h1>");
  expect(page).toContain("<dt>Resources that run</dt><dd>1</dd>");
  expect(page).not.toContain("do not run here");
});

test("the start page shows the last requests with links to their traces", async () => {
  const given = { at: "2026-01-01T00:00:00.000Z", method: "GET", path: "/orders/1", status: 404 };
  const page = await shown({}, [{ ...given, correlationId: "c/1" }, given]);
  expect(page).toContain("<code>GET /orders/1</code></th><td>404</td>");
  expect(page).toContain('<a href="/_local/trace/c%2F1">c/1</a>');
  expect(page.match(/\/_local\/trace\//g)).toHaveLength(1);
});

test("text from the app and from requests does not become markup", async () => {
  const hostile = `"><script>alert('&')</script>`;
  const page = await shown(
    {
      title: hostile,
      facts: [{ name: hostile, value: hostile }],
      links: [{ path: hostile, about: hostile }],
      concerns: async () => [{ what: hostile, why: hostile, help: hostile }],
    },
    [{ at: hostile, method: hostile, path: hostile, status: 200, correlationId: hostile }],
  );
  expect(page).not.toContain("<script");
});

test("the newest requests are kept, the newest first", () => {
  const { add, list } = requests(2);
  for (const path of ["/1", "/2", "/3"]) add({ at: "", method: "GET", path, status: 200 });
  expect(list().map(({ path }) => path)).toEqual(["/3", "/2"]);
});
