/** The answer of the operate function as text, and whether the operation was completed. */
import {
  type ListedDeadLetters,
  type ListedSagas,
  operationAnswer,
  type ParkedStreams,
} from "../../lib/model/operations/answer.ts";
import type { Operation } from "../../lib/model/operations/operation.ts";

export type Words = { readonly done: boolean; readonly text: string };

/** Longer errors are cut. The log has the full text. */
const errorLengthMax = 100;

const cut = (text: string): string =>
  text.length > errorLengthMax ? `${text.slice(0, errorLengthMax - 1)}…` : text;

/** Pads each column to its longest cell. */
const table = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "))
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
};

const parkedStreams = (streams: ParkedStreams): string => {
  if (streams.length === 0) return "no stream is parked\n";
  const rows = streams.map(({ consumer, streamId, version, at, error }) => [
    consumer,
    streamId,
    `${version}`,
    at,
    cut(error.replaceAll(/\s+/g, " ")),
  ]);
  return table([["PARKED BY", "STREAM", "AT VERSION", "SINCE", "BECAUSE"], ...rows]);
};

const sagaTable = (
  title: string,
  rows: ListedSagas,
  lastColumn: (row: ListedSagas[number]) => string,
): string =>
  table([
    [title, "STEP", "SINCE", "BECAUSE"],
    ...rows.map((row) => [`${row.saga}/${row.id}`, row.step ?? "", row.since, cut(lastColumn(row))]),
  ]);

const parkedSagas = (rows: ListedSagas): string =>
  rows.length === 0
    ? "no saga is parked\n"
    : sagaTable("PARKED SAGA", rows, ({ reasonCode = "", reason = "" }) => `${reasonCode}: ${reason}`);

const stuckSagas = (rows: ListedSagas): string =>
  rows.length === 0
    ? "no saga is stuck\n"
    : sagaTable(
        "STUCK SAGA",
        rows,
        ({ lastError }) => lastError?.because ?? "no error is recorded; see the log of its function",
      );

/** Instances of sagas that the application no longer has. */
const removedSagas = (rows: readonly { readonly saga: string; readonly id: string }[]): string =>
  rows.length === 0
    ? ""
    : table([
        ["WAITS FOR A REMOVED SAGA", ""],
        ...rows.map(({ saga, id }) => [
          `${saga}/${id}`,
          `deploy saga ${saga} again until the instance has ended`,
        ]),
      ]);

/** A table with the payload of each dead letter below its row. */
const deadLetters = (letters: ListedDeadLetters, more: boolean): string => {
  if (letters.length === 0) return "there are no dead letters\n";
  const rows = letters.map(({ handler, streamId = "", version = "", eventType = "", at, because }) => [
    handler,
    streamId,
    `${version}`,
    eventType,
    at,
    cut((because ?? "see the log of its function").replaceAll(/\s+/g, " ")),
  ]);
  const [head = "", ...lines] =
    table([["HANDLER", "STREAM", "VERSION", "EVENT", "SINCE", "BECAUSE"], ...rows]).match(/.*\n/g) ?? [];
  const body = lines.map((line, index) => `${line}  ${letters[index]?.payload}\n`);
  return [head, ...body, more ? "and more\n" : ""].join("");
};

const handlerRedriven = (operation: Operation, count: number, more: boolean): Words => {
  const [handler, of] =
    operation.action === "redrive-handler"
      ? [operation.handler, operation.streamId === undefined ? "" : ` of ${operation.streamId}`]
      : ["the handler", ""];
  const letters = count === 1 ? "1 dead letter" : `${count} dead letters`;
  const text =
    count === 0 ? `${handler} has no dead letters${of}` : `${letters}${of} sent to ${handler} again`;
  return { done: !more, text: `${text}${more ? "; there are more: run the command again" : ""}\n` };
};

const redriven = (kind: "redriven" | "parked-again" | "failed", operation: Operation): Words => {
  if (operation.action === "republish") {
    const again = `the bus refused an event of ${operation.streamId}, which is parked again: npx eventfold operate parked shows the reason`;
    const failed = `the bus did not accept all events of ${operation.streamId}: run the command again`;
    return { done: false, text: `${kind === "parked-again" ? again : failed}\n` };
  }
  const [streamId, projection] =
    operation.action === "redrive" ? [operation.streamId, operation.projection] : ["the stream", "it"];
  switch (kind) {
    case "redriven":
      return { done: true, text: `${projection} has processed all events of ${streamId}\n` };
    case "parked-again":
      return {
        done: false,
        text: `${projection} cannot process ${streamId}, which is parked again: npx eventfold operate parked shows the reason\n`,
      };
    case "failed":
      return {
        done: false,
        text: `${projection} was busy or its table did not answer: run the command again\n`,
      };
  }
};

/** Throws if the answer does not have the schema of the operate function: another function was invoked. */
export const wordsOf = (operation: Operation, answer: unknown): Words => {
  const parsed = operationAnswer.safeParse(answer);
  if (!parsed.success)
    throw new Error(
      `this is not the answer of an operate function; check --function: ${cut(JSON.stringify(answer) ?? "nothing")}`,
    );
  const { data } = parsed;
  switch (data.kind) {
    case "resumed": {
      const saga = operation.action === "resume" ? operation.sagaId : "the saga";
      return { done: true, text: `${saga} is resumed; its status is ${data.status}\n` };
    }
    case "parked":
      return { done: true, text: `${parkedSagas(data.sagas)}${parkedStreams(data.streams)}` };
    case "stuck":
      return { done: true, text: `${stuckSagas(data.sagas)}${removedSagas(data.removed)}` };
    case "republished": {
      const stream = operation.action === "republish" ? operation.streamId : "the stream";
      return { done: true, text: `${data.events} events of ${stream} were published again\n` };
    }
    case "dead-letters":
      return { done: true, text: deadLetters(data.letters, data.more) };
    case "handler-redriven":
      return handlerRedriven(operation, data.count, data.more);
    case "refused":
      return { done: false, text: `refused: ${data.because}\n` };
    default:
      return redriven(data.kind, operation);
  }
};
