/**
 * The documents that are generated from the application. To add a part of a page, add a row and put its markers, the comments
 * `begin NAME` and `end NAME`, in the page (see `pages.ts`). A whole file needs only its row.
 */

import { contractOf } from "../../lib/compile/compatibility/contract/contract-of.ts";
import { toAsyncApi } from "../../lib/compile/documents/asyncapi.ts";
import { toChoreographyDiagram } from "../../lib/compile/documents/choreography-diagram.ts";
import { toFlow, toSagaDiagram } from "../../lib/compile/documents/diagrams.ts";
import { toEventsDocument } from "../../lib/compile/documents/events-document.ts";
import { toMachineDiagram } from "../../lib/compile/documents/machine-diagram.ts";
import { toYaml } from "../../lib/compile/documents/yaml.ts";
import { toStateMachine } from "../../lib/compile/machine/state-machine.ts";
import { toOpenApi } from "../../lib/compile/openapi/openapi.ts";
import { alarmsTable } from "../../lib/constructs/alarms/table.ts";
import { contextTable } from "../../lib/deploy/context/table.ts";
import type { OwnTechnologies } from "../../lib/deploy/technologies.ts";
import { resourceTypes } from "../../lib/local/cloudformation/resource-types.ts";
import type { AnyApplication } from "../../lib/model/application.ts";
import type { AnySaga } from "../../lib/model/saga.ts";
import { contractFile } from "../compat/contract.ts";
import { commandsPart } from "../help/commands.ts";
import { alarmCostsTable } from "./alarm-costs.ts";
import type { Part } from "./pages.ts";

type Whole = { readonly file: string; readonly make: () => string };

type Documented<Services> = {
  readonly application: AnyApplication<Services>;
  readonly technologies: OwnTechnologies<Services>;
};

const mermaid = (diagram: string): string => `\`\`\`mermaid\n${diagram}\n\`\`\``;

/** Three diagrams: the steps, the state machine and the choreography. */
const sagaPart = (saga: AnySaga): string =>
  [
    `## ${saga.name}`,
    mermaid(toSagaDiagram(saga)),
    `### ${saga.name} as a state machine`,
    mermaid(toMachineDiagram(toStateMachine(saga, { functionArn: "" }))),
    `### ${saga.name} as a choreography`,
    mermaid(toChoreographyDiagram(saga)),
  ].join("\n\n");

/** The resource types of the local cloud, with the reason if one is not run there. */
const localResources = (): string => {
  const rows = Object.entries(resourceTypes)
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([type, found]) => `| \`${type}\` | ${"notRun" in found ? `not run: ${found.notRun}` : "run"} |`);
  return ["| type | |", "| --- | --- |", ...rows].join("\n");
};

/** Made only for pages that have their markers. */
const partsOnDemand = <Services>({ application, technologies }: Documented<Services>): readonly Part[] => [
  {
    name: "context-keys",
    make: () =>
      contextTable(
        application.sagas.map(({ name }) => name),
        technologies.context,
      ),
  },
  { name: "commands", make: commandsPart },
  { name: "alarms", make: alarmsTable },
  { name: "alarm-costs", make: () => alarmCostsTable({ application, technologies }) },
  { name: "local-resources", make: localResources },
  ...application.sagas.map((saga) => ({
    name: `saga-${saga.name}`,
    make: () => mermaid(toSagaDiagram(saga)),
  })),
];

const sagasPart = ({ sagas }: Pick<AnyApplication, "sagas">): readonly Part[] =>
  sagas.length === 0
    ? []
    : [{ file: "docs/sagas.md", name: "sagas", make: () => sagas.map(sagaPart).join("\n\n") }];

/** The parts of every application, the parts of this application, and the parts that only pages with markers get. */
export const partsOf = <Services>(documented: Documented<Services>): readonly Part[] => [
  { file: "README.md", name: "flow", make: () => mermaid(toFlow(documented.application)) },
  ...sagasPart(documented.application),
  ...(documented.technologies.documents ?? []),
  ...partsOnDemand(documented),
];

const yaml = (document: unknown): string =>
  `# Generated from the application by npx eventfold document.\n${toYaml(document)}`;

export const filesOf = ({ application }: { readonly application: AnyApplication }): readonly Whole[] => [
  { file: "docs/openapi.yaml", make: () => yaml(toOpenApi(application)) },
  { file: "docs/asyncapi.yaml", make: () => yaml(toAsyncApi(application)) },
  { file: "docs/events.md", make: () => toEventsDocument(application) },
  // npx eventfold compat compares the next version with it.
  { file: contractFile, make: () => `${JSON.stringify(contractOf(application), null, 2)}\n` },
];
