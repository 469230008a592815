/**
 * The logs of functions: JSON, so that Lambda can filter the lines by level. Lambda's own lines follow: at `info` those about
 * each invocation, with its duration and memory; at `warn` and `error` only those about failures.
 */
import {
  ApplicationLogLevel,
  type FunctionOptions,
  LoggingFormat,
  SystemLogLevel,
} from "aws-cdk-lib/aws-lambda";

/** To add a level, add a row: the least level of the function's lines, and of Lambda's own lines. */
const levels = {
  debug: { application: ApplicationLogLevel.DEBUG, system: SystemLogLevel.DEBUG },
  info: { application: ApplicationLogLevel.INFO, system: SystemLogLevel.INFO },
  warn: { application: ApplicationLogLevel.WARN, system: SystemLogLevel.WARN },
  error: { application: ApplicationLogLevel.ERROR, system: SystemLogLevel.WARN },
} as const;

/** Lines below this level are dropped. */
export type LogLevel = keyof typeof levels;

/** The properties of a function that set the format and the level. */
export const loggingAt = (
  level: LogLevel,
  { onlyFailuresAreLogged = false }: { readonly onlyFailuresAreLogged?: boolean | undefined },
): Pick<FunctionOptions, "loggingFormat" | "applicationLogLevelV2" | "systemLogLevelV2"> => ({
  loggingFormat: LoggingFormat.JSON,
  applicationLogLevelV2: levels[level].application,
  systemLogLevelV2: levels[level === "info" && onlyFailuresAreLogged ? "warn" : level].system,
});
