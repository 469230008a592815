/**
 * Parses the text of a definition into a state machine that runs. A field that does not run here is refused when the
 * cloud starts. The error has the machine, the state, the field and the value.
 */
import type { Definition } from "../definition.ts";
import { fieldsOf, refuse, stringOf } from "../fields.ts";
import type { Compile } from "../jsonata.ts";
import { refuseDeadEnds, targetsOf } from "./dead-ends.ts";
import { parseState } from "./state-parser.ts";

const known = ["Comment", "QueryLanguage", "StartAt", "States", "Version"];

export const parseDefinition = (text: string, machine: string, compile: Compile): Definition => {
  const place = `state machine ${machine}`;
  const top = fieldsOf(json(text, place), place, known);
  const language = top.QueryLanguage ?? "JSONPath";
  const states = new Map(
    Object.entries(fieldsOf(top.States, `${place}: States`)).map(([name, value]) => [
      name,
      parseState(value, language, { place: `${place}, state ${name}`, compile }),
    ]),
  );
  const startAt = stringOf(top, "StartAt", place);
  const definition = { startAt, states };
  refuseMissingStates(definition, place);
  refuseDeadEnds(definition, place);
  return definition;
};

const json = (text: string, place: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${place}: the definition is not JSON: ${error}`);
  }
};

const refuseMissingStates = ({ startAt, states }: Definition, place: string) => {
  if (!states.has(startAt)) refuse(place, { StartAt: startAt }, "there is no such state");
  for (const [name, state] of states)
    for (const next of targetsOf(state))
      if (!states.has(next)) refuse(`${place}, state ${name}`, { Next: next }, "there is no such state");
};
