/** The alarms as a Markdown table for people. */
import { filled, kinds, type Row } from "./rows.ts";

/** `logGroup` is LOG_GROUP. */
const capitals = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/** The command with `NAME` for each name in braces. */
const legible = (command: string): string => {
  const names = [...command.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => [name, capitals(name)]);
  return filled(command, { ...Object.fromEntries(names), application: "STACK-App" });
};

const lineOf = (of: string, { metric, above, means, act, commands }: Row): string => {
  const todo = [act, ...commands.map((command) => `\`${legible(command)}\``)].join("<br>");
  return `| \`${metric}\` | ${of} | ${above} | ${means} | ${todo} |`;
};

/** A row for each kind of alarm. */
export const alarmsTable = (): string => {
  const rows = Object.values(kinds).flatMap(({ of, rows }) => rows.map((row) => lineOf(of, row)));
  return ["| metric | of | above | means | what to do |", "| --- | --- | ---: | --- | --- |", ...rows].join(
    "\n",
  );
};
