/** The command line of `eventfold operate`. */
import type { Operation } from "../../lib/model/operations/operation.ts";
import { argumentsIn } from "../command-line/arguments.ts";
import { commonOptions } from "../command-line.ts";
import { helpText } from "../help/help.ts";
import { operateHelp } from "../help/running.ts";

export type Place =
  | { readonly kind: "local"; readonly url: string }
  | { readonly kind: "deployed"; readonly functionName: string };

type Usage =
  | { readonly kind: "help" }
  | { readonly kind: "operation"; readonly operation: Operation; readonly place: Place }
  | { readonly kind: "wrong"; readonly because: string };

const optionsIn = (argv: readonly string[]) =>
  argumentsIn({
    args: [...argv],
    allowPositionals: true,
    options: {
      how: { type: "string" },
      actor: { type: "string" },
      after: { type: "string" },
      stream: { type: "string" },
      url: { type: "string" },
      function: { type: "string" },
      ...commonOptions,
    },
  });

type Given = ReturnType<typeof optionsIn>;

export const help = helpText(operateHelp);

const wrong = (because: string): Usage => ({ kind: "wrong", because });

const placeOf = ({ url, function: functionName }: Given["values"]): Place | Usage => {
  if (url !== undefined && functionName !== undefined)
    return wrong("--url names a local cloud, --function a deployed function: use one of them");
  if (functionName === "") return wrong("--function: expected a name, got none");
  if (functionName !== undefined) return { kind: "deployed", functionName };
  const local = url ?? "http://127.0.0.1:3000";
  return /^https?:\/\//.test(local) && URL.canParse(local)
    ? { kind: "local", url: local.replace(/\/+$/, "") }
    : wrong(`--url: expected a URL such as http://127.0.0.1:3000, got ${local}`);
};

const resumeOf = (
  [sagaId, ...more]: readonly string[],
  { how, actor }: Given["values"],
): Operation | Usage => {
  if (sagaId === undefined || more.length > 0 || !/^[^/]+\/[^/]+$/.test(sagaId))
    return wrong("resume: expected one saga and its id, such as checkout/1");
  if (how !== "retry" && how !== "skip")
    return wrong(
      how === undefined
        ? "resume: add --how retry or --how skip"
        : `--how: expected retry or skip, got ${how}`,
    );
  return { action: "resume", sagaId, how, ...(actor !== undefined && { actor }) };
};

const republishOf = (
  [streamId, ...more]: readonly string[],
  { after = "0" }: Given["values"],
): Operation | Usage => {
  if (streamId === undefined || more.length > 0)
    return wrong("republish: expected one stream, such as order-1");
  return /^\d{1,15}$/.test(after)
    ? { action: "republish", streamId, after: Number(after) }
    : wrong(`--after: expected a version, got ${after}`);
};

/** Two words are a projection and its stream. One word is an effect, a saga or a translator. */
const redriveOf = (
  [name, streamId, ...more]: readonly string[],
  { stream }: Given["values"],
): Operation | Usage => {
  if (name === undefined || more.length > 0 || (streamId !== undefined && stream !== undefined))
    return wrong(
      "redrive: expected a projection and a stream, such as stock-level inventory-pear, or a handler, such as send-confirmation",
    );
  if (streamId !== undefined) return { action: "redrive", projection: name, streamId };
  return { action: "redrive-handler", handler: name, ...(stream !== undefined && { streamId: stream }) };
};

const optionOwners = [
  ["how", "resume"],
  ["actor", "resume"],
  ["after", "republish"],
  ["stream", "redrive"],
] as const;

const operationOf = ([command, ...words]: readonly string[], values: Given["values"]): Operation | Usage => {
  if (command === undefined) return wrong("expected a command, got none");
  const strange = optionOwners.find(([option, owner]) => owner !== command && values[option] !== undefined);
  if (strange) return wrong(`--${strange[0]} is an option of ${strange[1]} only`);
  if (command === "resume") return resumeOf(words, values);
  if (command === "republish") return republishOf(words, values);
  if (command === "redrive") return redriveOf(words, values);
  const [handler, ...more] = words;
  if (command === "parked" || command === "stuck")
    return words.length === 0
      ? { action: command }
      : wrong(`${command}: expected no arguments, got ${words.join(" ")}`);
  if (command !== "dead-letters") return wrong(`there is no command ${command}`);
  if (more.length > 0) return wrong("dead-letters: expected one effect, saga or translator, or none for all");
  return { action: "dead-letters", ...(handler !== undefined && { handler }) };
};

/** Refuses unknown commands, options and combinations. */
export const usage = (argv: readonly string[]): Usage => {
  let given: Given;
  try {
    given = optionsIn(argv);
  } catch (error) {
    return wrong(error instanceof Error ? error.message : `${error}`);
  }
  if (given.values.help) return { kind: "help" };
  const operation = operationOf(given.positionals, given.values);
  if ("kind" in operation) return operation;
  const place = placeOf(given.values);
  return place.kind === "local" || place.kind === "deployed"
    ? { kind: "operation", operation, place }
    : place;
};
