/** `npm run new -- … --template shop`: the shop as a separate application. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { filesOf } from "../../../bin/new/template.ts";
import { writeShop } from "../../../bin/package/shop.ts";
import { root } from "../../bin/command-line.ts";
import { isOtherVersion, packagesIn } from "../../new/packages.ts";

const folder = mkdtempSync(join(tmpdir(), "new-shop-"));
afterAll(() => rmSync(folder, { recursive: true }));

const named = { name: "Library", tarball: "eventfold-1.2.3.tgz" };

test("the shop has the given name, the versions of this repository, and imports nothing outside its folder", () => {
  const content = join(folder, "content");
  cpSync(join(root, "templates"), join(content, "templates"), { recursive: true });
  cpSync(join(root, "cdk.json"), join(content, "cdk.json"));
  writeShop(root, join(content, "templates/shop"));
  const shop = new Map(filesOf(content, "shop", named).map(({ path, content }) => [path, `${content}`]));
  expect(shop.get("lib/shop/shop.ts")).toContain('name: "Library"');
  expect(packagesIn(`${shop.get("package.json")}`).filter(isOtherVersion)).toEqual([]);
  const imported = [...shop].flatMap(([path, text]) =>
    [...text.matchAll(/ from "(\.[^"]+)";/g)].map(([, name = ""]) => join(dirname(path), name)),
  );
  expect(imported.filter((path) => !shop.has(path))).toEqual([]);
});
