/**
 * The parts of documents that are made from the application: each stands between its two markers. To add a part,
 * add a row and put the markers, comments `begin NAME` and `end NAME`, where it goes.
 */
import { toFlow, toSagaDiagram } from "../../lib/compile/diagrams.ts";
import { shop } from "../../lib/domain/shop.ts";
import type { AnySaga } from "../../lib/model/saga.ts";

type Part = { readonly file: string; readonly name: string; readonly make: () => string };

const mermaid = (diagram: string): string => `\`\`\`mermaid\n${diagram}\n\`\`\``;

const sagaPart = (saga: AnySaga): string => `## ${saga.name}\n\n${mermaid(toSagaDiagram(saga))}`;

export const parts: readonly Part[] = [
  { file: "README.md", name: "flow", make: () => mermaid(toFlow(shop)) },
  { file: "docs/sagas.md", name: "sagas", make: () => shop.sagas.map(sagaPart).join("\n\n") },
];

/** The text with this part between its markers. Throws where they are missing. */
export const withPart = (text: string, { file, name, make }: Part): string => {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`${file} has no line ${from < 0 ? begin : end}`);
  return `${text.slice(0, from + begin.length)}\n\n${make()}\n\n${text.slice(to)}`;
};
