/**
 * The documents that are made from the application. A part stands between its two markers: to add one, add a row
 * and put the markers, comments `begin NAME` and `end NAME`, where it goes. A whole file needs no more than its row.
 */

import { contractOf } from "../../lib/compile/compatibility/compatibility.ts";
import { toAsyncApi } from "../../lib/compile/documents/asyncapi.ts";
import { toChoreographyDiagram } from "../../lib/compile/documents/choreography-diagram.ts";
import { toFlow, toSagaDiagram } from "../../lib/compile/documents/diagrams.ts";
import { toEventsDocument } from "../../lib/compile/documents/events-document.ts";
import { toMachineDiagram } from "../../lib/compile/documents/machine-diagram.ts";
import { toYaml } from "../../lib/compile/documents/yaml.ts";
import { toStateMachine } from "../../lib/compile/machine/state-machine.ts";
import { toOpenApi } from "../../lib/compile/openapi/openapi.ts";
import type { DocumentPart, OwnTechnologies } from "../../lib/deploy/technologies.ts";
import type { Application } from "../../lib/model/application.ts";
import { type AnySaga, stepsThatWait } from "../../lib/model/saga.ts";
import { contractFile } from "../compat/contract.ts";

type Whole = { readonly file: string; readonly make: () => string };

export type Documented = {
  readonly application: Application<never>;
  readonly technologies: Pick<OwnTechnologies<unknown>, "documents">;
};

const mermaid = (diagram: string): string => `\`\`\`mermaid\n${diagram}\n\`\`\``;

/** As it is deployed where nobody chooses. */
const kindOf = (saga: AnySaga) => (stepsThatWait(saga).length > 0 ? "standard" : "express");

/** Its way, and the two forms that this takes: a machine that knows what is next, or events alone. */
const sagaPart = (saga: AnySaga): string =>
  [
    `## ${saga.name}`,
    mermaid(toSagaDiagram(saga)),
    `### ${saga.name} as a state machine`,
    mermaid(toMachineDiagram(toStateMachine(saga, { functionArn: "", kind: kindOf(saga) }))),
    `### ${saga.name} as a choreography`,
    mermaid(toChoreographyDiagram(saga)),
  ].join("\n\n");

/** The parts that every application has, then the parts that only this one has. */
export const partsOf = ({ application, technologies }: Documented): readonly DocumentPart[] => [
  { file: "README.md", name: "flow", make: () => mermaid(toFlow(application)) },
  ...(application.sagas.length === 0
    ? []
    : [{ file: "docs/sagas.md", name: "sagas", make: () => application.sagas.map(sagaPart).join("\n\n") }]),
  ...(technologies.documents ?? []),
];

const yaml = (document: unknown): string =>
  `# Made by npm run document, from the application.\n${toYaml(document)}`;

export const filesOf = ({ application }: Documented): readonly Whole[] => [
  { file: "docs/openapi.yaml", make: () => yaml(toOpenApi(application)) },
  { file: "docs/asyncapi.yaml", make: () => yaml(toAsyncApi(application)) },
  { file: "docs/events.md", make: () => toEventsDocument(application) },
  // What the next version is compared with: npm run compat.
  { file: contractFile, make: () => `${JSON.stringify(contractOf(application), null, 2)}\n` },
];

/** The text with this part between its markers. A text that is empty becomes the part. Throws if a marker is missing. */
export const withPart = (given: string, { file, name, make }: DocumentPart): string => {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const text = given === "" ? `${begin}\n${end}\n` : given;
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`${file} has no line ${from < 0 ? begin : end}`);
  return `${text.slice(0, from + begin.length)}\n\n${make()}\n\n${text.slice(to)}`;
};
