import { expect, test } from "vitest";
import { routesOf } from "../../../lib/model/application.ts";
import type { Route } from "../../../lib/model/http/route.ts";
import { shop } from "../../../lib/shop/shop.ts";

const rootsOf = (routes: readonly Route[]) => routesOf({ routes }).filter(({ path }) => path === "/");

test("the root redirects to the page, with the access of the page", () => {
  expect(rootsOf(shop.routes)).toEqual([{ method: "GET", path: "/", access: "public", redirect: "/docs" }]);
  const page: Route = { method: "GET", path: "/api", access: "operator", document: "page" };
  expect(rootsOf([page])).toEqual([{ method: "GET", path: "/", access: "operator", redirect: "/api" }]);
});

test("an application's own root is not replaced", () => {
  const own: Route = { method: "GET", path: "/", access: "public", document: "health" };
  expect(rootsOf([...shop.routes, own])).toEqual([own]);
});

test("without a page there is no redirect", () => {
  expect(rootsOf(shop.routes.filter(({ path }) => path !== "/docs"))).toEqual([]);
});
