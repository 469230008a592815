/**
 * The state machines of the template. An execution keeps the definition that it started with, even if the template has
 * another one after a restart.
 */
import { createHash } from "node:crypto";
import type { Resource } from "../service/service.ts";
import { type Machine, machineTypes, type Running } from "./executions/execution.ts";
import type { Definition } from "./language/definition.ts";
import { fieldsOf, filled, refuse, stringOf } from "./language/fields.ts";
import type { Compile } from "./language/jsonata.ts";
import { parseDefinition } from "./language/parser/definition-parser.ts";

export type Machines = {
  readonly all: readonly Machine[];
  readonly find: (arn: string) => Machine | undefined;
  /** The machine of an execution, with the execution's definition and the role of the present template. */
  readonly of: (
    running: Running,
    definitionText: (id: string) => string | undefined,
  ) => { readonly machine: Machine; readonly definition: Definition };
};

export const stateMachinesOf = (resources: readonly Resource[], compile: Compile): Machines => {
  const all = resources.map((resource) => machineOf(resource, compile));
  const byArn = new Map(all.map((machine) => [machine.arn, machine]));
  const definitions = new Map(all.map(({ definitionId, definition }) => [definitionId, definition]));

  const parsed = (text: string, name: string) => parseDefinition(text, name, compile);

  return {
    all,
    find: (arn) => byArn.get(arn),
    of: ({ machineArn, definitionId }, definitionText) => {
      const machine = byArn.get(machineArn);
      const known = definitions.get(definitionId);
      const text = known ? undefined : definitionText(definitionId);
      const definition = known ?? (text && machine ? parsed(text, machine.name) : undefined);
      if (!machine || !definition)
        throw new Error(`${machineArn}: the definition ${definitionId} is missing`);
      definitions.set(definitionId, definition);
      return { machine, definition };
    },
  };
};

const known = [
  "Definition",
  "DefinitionString",
  "LoggingConfiguration",
  "RoleArn",
  "StateMachineName",
  "StateMachineType",
  "Tags",
  "TracingConfiguration",
];

const machineOf = ({ id, name, arn, properties }: Resource, compile: Compile): Machine => {
  const place = `state machine ${id}`;
  const fields = fieldsOf(properties, place, known);
  const given = fields.StateMachineType ?? "STANDARD";
  const type = machineTypes.find((each) => each === given) ?? refuse(place, { StateMachineType: given });
  // Tracing reports executions to X-Ray and does not change them.
  filled(fields.TracingConfiguration, (value) =>
    fieldsOf(value, `${place}: TracingConfiguration`, ["Enabled"]),
  );
  const logging = filled(fields.LoggingConfiguration, (value) =>
    fieldsOf(value, `${place}: LoggingConfiguration`),
  );
  if ((logging?.Level ?? "OFF") !== "OFF") refuse(place, { LoggingConfiguration: logging });
  const definitionText = fields.Definition
    ? JSON.stringify(fields.Definition)
    : stringOf(fields, "DefinitionString", place);
  const definition = parseDefinition(definitionText, name, compile);
  if (type === "EXPRESS") refuseToWait(name, definition);
  return {
    type,
    arn,
    name,
    roleArn: stringOf(fields, "RoleArn", place),
    definitionId: createHash("sha256").update(definitionText).digest("hex").slice(0, 16),
    definitionText,
    definition,
  };
};

/** AWS keeps no record of an Express execution, so a token could not find its execution. */
const refuseToWait = (machine: string, { states }: Definition) => {
  for (const [name, state] of states)
    if (state.type === "Task" && state.waitsForToken)
      refuse(
        `state machine ${machine}, state ${name}`,
        { Resource: ".waitForTaskToken" },
        "an Express machine has no tokens",
      );
};
