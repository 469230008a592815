/** Records the current templates: `npx tsx test/shop/templates/record.ts`. */
import { writeFileSync } from "node:fs";
import { file, packed, templatesOf } from "./recorded.ts";
import { variants } from "./variants.ts";

const templates = Object.fromEntries(
  Object.entries(variants).map(([name, context]) => [name, templatesOf(context)]),
);
writeFileSync(file, packed(templates));
process.stdout.write(`${Object.keys(templates).length} variants are recorded\n`);
