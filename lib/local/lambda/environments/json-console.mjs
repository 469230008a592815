/**
 * The console of a function with the JSON log format. As in Lambda's runtime for Node.js, each call writes one line with
 * its time, level and request id.
 */
import { format } from "node:util";

const levels = {
  trace: "TRACE",
  debug: "DEBUG",
  info: "INFO",
  log: "INFO",
  warn: "WARN",
  error: "ERROR",
  fatal: "FATAL",
};

const readable = (_, value) =>
  value instanceof Error
    ? {
        errorType: value.constructor.name,
        errorMessage: value.message,
        stackTrace: String(value.stack).split("\n"),
        ...value,
      }
    : value;

/** The text of several arguments names no error, so the first error is described beside it. */
const errorIn = (given) => {
  const found = given.length > 1 && given.find((each) => each instanceof Error);
  return found ? readable("", found) : {};
};

const lineOf = (head, given) => {
  const message = given.length === 1 ? given[0] : format(...given);
  try {
    return JSON.stringify({ ...head, message, ...errorIn(given) }, readable);
  } catch {
    return JSON.stringify({ ...head, message: format(...given) });
  }
};

/** `requestId` returns the id of the current invocation. */
export const useJsonConsole = (write, requestId) => {
  for (const [method, level] of Object.entries(levels))
    console[method] = (...given) =>
      write(lineOf({ timestamp: new Date().toISOString(), level, requestId: requestId() }, given));
};
