/**
 * A command travels as it was sent. Its schema is applied once: at the HTTP door, or by the command handler for sagas,
 * effects and translators. A schema may transform, so its output must not be parsed again.
 */
import * as z from "zod";
import type { Message, SentCommand } from "../message.ts";
import { wording } from "./wording.ts";

/** Not exported: only this module can say that data were parsed. */
const isParsed: unique symbol = Symbol("parsed");

/** Data that the schema of a command has parsed. */
export type Parsed = { readonly data: Message["data"]; readonly [isParsed]: true };

/** A command with its parsed data. */
export type ParsedCommand = SentCommand & Parsed;

/** A command as it was sent; the type refuses one that was parsed. */
export type Unparsed = Message & { readonly [isParsed]?: never };

export const wasParsed = (command: SentCommand): command is ParsedCommand => isParsed in command;

/** The only place that applies the schema of a command. */
export const parsedWith = (
  schema: z.ZodObject,
  data: unknown,
): { readonly parsed: Parsed } | { readonly error: z.ZodError } => {
  const result = schema.safeParse(data, wording);
  return result.success ? { parsed: { data: result.data, [isParsed]: true } } : { error: result.error };
};

/** Throws if the decider does not know the command, or if its data do not fit its schema. */
export const parsed = (
  { name, commands }: { readonly name: string; readonly commands: Readonly<Record<string, z.ZodObject>> },
  { type, data }: Message,
): Parsed => {
  const schema = Object.hasOwn(commands, type) ? commands[type] : undefined;
  if (!schema) throw new Error(`${name} knows no command ${type}`);
  const result = parsedWith(schema, data);
  if ("error" in result)
    throw new Error(
      `decider ${name}, command ${type} does not fit its schema: ${z.prettifyError(result.error)}`,
    );
  return result.parsed;
};
