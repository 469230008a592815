/** Changes of commands, of events of other systems, and of rows. To cover another kind of schema, add a row. */
import type { Schema } from "../../schemas/schemas.ts";
import type { Contract } from "../contract/contract.ts";
import type { Change } from "./change.ts";
import { differences, narrowed } from "./schemas.ts";

const rules = {
  commands: {
    breaks: narrowed,
    advice:
      "Clients, running sagas and queues may still send the earlier shape. Accept it too, for instance with an optional field or a default, or add a new command.",
    removal: "Keep the command until no client, running saga or queue sends it.",
  },
  foreign: {
    breaks: narrowed,
    advice:
      "The other system and the queues may still send the earlier shape. Accept it too, for instance with an optional field or a default.",
    removal: "Keep its translator until the other system no longer sends the event and the queue is empty.",
  },
  rows: {
    breaks: differences,
    advice:
      "The rows must be rebuilt. npm start does it. In a deployment, a row keeps its earlier shape until its next event.",
    removal: undefined,
  },
} as const;

type Rules = (typeof rules)[keyof typeof rules];

type Messages = Contract["rows"];

const ofSchemas = ({ breaks, advice }: Rules, before: Schema, after: Schema) => {
  const broken = breaks(before, after);
  const others = differences(before, after).filter((what) => !broken.includes(what));
  return [
    ...broken.map((what) => ({ kind: "breaking", what, advice }) as const),
    ...others.map((what) => ({ kind: "compatible", what }) as const),
  ];
};

const ofPart = (part: keyof typeof rules, before: Messages, after: Messages): readonly Change[] => {
  const { removal } = rules[part];
  const changed = Object.entries(before).flatMap(([name, was]): readonly Change[] => {
    const is = Object.hasOwn(after, name) ? after[name] : undefined;
    if (is) return ofSchemas(rules[part], was, is).map((change) => ({ part, name, ...change }));
    return removal ? [{ part, name, kind: "breaking", what: "is removed", advice: removal }] : [];
  });
  const added = removal ? Object.keys(after).filter((name) => !Object.hasOwn(before, name)) : [];
  return [...changed, ...added.map((name): Change => ({ part, name, kind: "compatible", what: "is new" }))];
};

export const changedMessages = (before: Contract, after: Contract): readonly Change[] =>
  (["commands", "foreign", "rows"] as const).flatMap((part) => ofPart(part, before[part], after[part]));
