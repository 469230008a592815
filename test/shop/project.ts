/** The shop, ready to be synthesized. */
import { join } from "node:path";
import type { Project } from "../../lib/deploy/synthesize.ts";
import { type ShopServices, shop } from "../../lib/shop/shop.ts";
import { technologies } from "../../lib/shop/technologies.ts";

export const project: Project<ShopServices> = {
  application: shop,
  technologies,
  root: join(import.meta.dirname, "../.."),
};
