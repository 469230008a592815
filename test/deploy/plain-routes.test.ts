/** The addresses that `npm start` prints and that its start page links to. */
import { expect, test } from "vitest";
import { guideOf } from "../../lib/deploy/guide.ts";
import { pagesOf } from "../../lib/deploy/pages.ts";
import { plainRoutes } from "../../lib/deploy/plain-routes.ts";
import { application as library } from "../library/lib/application.ts";
import { technologies } from "../library/lib/technologies.ts";

const needsMember = "/loans";

test("a list that needs a query parameter is neither printed nor linked", () => {
  const lists = library.routes.filter((route) => "list" in route).map(({ path }) => path);
  expect(lists).toContain(needsMember);
  const plain = plainRoutes(library).map(({ path }) => path);
  expect(lists.filter((path) => !plain.includes(path))).toEqual([needsMember]);
  expect(pagesOf(library).links.map(({ path }) => path)).toEqual(plain);
  const printed = guideOf({ application: library, technologies })("http://local")
    .replace(/^.*Also:/s, "")
    .split(/\s+/);
  expect(printed).not.toContain(`http://local${needsMember}`);
  expect(printed).toContain(`http://local${plain.find((path) => lists.includes(path))}`);
});
