/**
 * A command is sent unchanged, and its schema is applied once: by the HTTP endpoint, or by the command handler for
 * commands of sagas, effects and translators. A schema may transform, so its output must not be parsed again.
 */
import * as z from "zod";
import type { Message, SentCommand } from "../message.ts";
import { wording } from "./wording.ts";

/** Not exported, so that only this module can mark data as parsed. */
const isParsed: unique symbol = Symbol("parsed");

/** Data that the schema of a command has parsed. */
export type Parsed = { readonly data: Message["data"]; readonly [isParsed]: true };

/** A command with its parsed data. */
export type ParsedCommand = SentCommand & Parsed;

/** A command as it was sent. The type does not accept a parsed command. */
export type Unparsed = Message & { readonly [isParsed]?: never };

/** Whether the schema has already parsed this command. */
export const wasParsed = (command: SentCommand): command is ParsedCommand => isParsed in command;

/** Parses data with the schema of a command. This is the only place that does so. */
export const parsedWith = (
  schema: z.ZodObject,
  data: unknown,
): { readonly parsed: Parsed } | { readonly error: z.ZodError } => {
  const result = schema.safeParse(data, wording);
  return result.success ? { parsed: { data: result.data, [isParsed]: true } } : { error: result.error };
};

/**
 * The parsed data of a command. Throws if the decider does not know the command, or if the data do not fit the
 * schema.
 */
export const parsed = (
  { name, commands }: { readonly name: string; readonly commands: Readonly<Record<string, z.ZodObject>> },
  { type, data }: Message,
): Parsed => {
  const schema = Object.hasOwn(commands, type) ? commands[type] : undefined;
  if (!schema)
    throw new Error(
      `decider ${name}: expected a command in ${Object.keys(commands).join(", ")}, got ${type}`,
    );
  const result = parsedWith(schema, data);
  if ("error" in result)
    throw new Error(
      `decider ${name}, command ${type} does not fit its schema: ${z.prettifyError(result.error)}`,
    );
  return result.parsed;
};
