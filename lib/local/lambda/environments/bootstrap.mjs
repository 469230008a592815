/**
 * The program of the worker thread of an environment. It loads the handler, runs one event at a time, and posts the
 * answer and the output. It is JavaScript, so that it needs no loader, and it imports only such files. `Date` follows the
 * local clock before the function's code is loaded.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { useJsonConsole } from "./json-console.mjs";
import { takeShortcut } from "./shortcut.mjs";

const { folder, handler: handlerPath, functionName, functionArn, memoryMegabytes, ahead } = workerData;
const bytesMax = 6 * 1024 * 1024;

const MachineDate = Date;
const machineNow = MachineDate.now.bind(MachineDate);
const now = () => machineNow() + ahead[0];
MachineDate.now = now;
globalThis.Date = new Proxy(MachineDate, {
  apply: () => new MachineDate(now()).toString(),
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
});
MachineDate.prototype.constructor = globalThis.Date;

/** Lines are posted together after this time at the latest. They are always posted before the answer. */
const linesMilliseconds = 50;
let lines = [];
let flushing;

const flush = () => {
  clearTimeout(flushing);
  flushing = undefined;
  if (lines.length > 0) parentPort.postMessage({ kind: "lines", lines });
  lines = [];
};

const write = (stream, line) => {
  lines.push({ stream, text: line });
  flushing ??= setTimeout(flush, linesMilliseconds);
};

const post = (message) => {
  flush();
  parentPort.postMessage(message);
};

/** Output uses the same port as answers, so that it arrives before the answer. */
const takeOutput = (stream, name) => {
  let rest = "";
  stream.write = (chunk, encoding, done) => {
    const lines = (rest + (typeof chunk === "string" ? chunk : Buffer.from(chunk).toString())).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") write(name, line);
    const callback = typeof encoding === "function" ? encoding : done;
    if (callback) queueMicrotask(callback);
    return true;
  };
};
takeOutput(process.stdout, "stdout");
takeOutput(process.stderr, "stderr");

let requestId;
if (process.env.AWS_LAMBDA_LOG_FORMAT === "JSON")
  useJsonConsole(
    (line) => write("stdout", line),
    () => requestId,
  );

/** An error in the form in which Lambda returns it. */
const documentOf = (fault, type) =>
  JSON.stringify(
    fault instanceof Error
      ? {
          errorType: type ?? fault.name,
          errorMessage: type ? `${fault.name}: ${fault.message}` : fault.message,
          trace: String(fault.stack).split("\n"),
        }
      : { errorType: type ?? typeof fault, errorMessage: String(fault), trace: [] },
  );

const crash = (type) => (fault) => {
  post({ kind: "crash", document: documentOf(fault, type) });
  process.exit(1);
};
process.on("unhandledRejection", crash("Runtime.UnhandledPromiseRejection"));
process.on("uncaughtException", crash(undefined));

const named = (errorType, message) => Object.assign(new Error(message), { name: errorType });

const load = async () => {
  const dot = handlerPath.lastIndexOf(".");
  const [path, name] = [handlerPath.slice(0, dot), handlerPath.slice(dot + 1)];
  const file = [".js", ".mjs", ".cjs"]
    .map((end) => join(folder, path + end))
    .find((each) => existsSync(each));
  if (!file) throw named("Runtime.ImportModuleError", `Error: Cannot find module '${path}'`);
  const loaded = file.endsWith(".cjs") ? createRequire(file)(file) : await import(pathToFileURL(file).href);
  const found = loaded[name] ?? loaded.default?.[name];
  if (typeof found !== "function")
    throw named("Runtime.HandlerNotFound", `${handlerPath} is undefined or not exported`);
  return found;
};

const contextOf = ({ requestId, endsAt, logStream, logGroup }) => ({
  callbackWaitsForEmptyEventLoop: true,
  functionName,
  functionVersion: "$LATEST",
  invokedFunctionArn: functionArn,
  memoryLimitInMB: String(memoryMegabytes),
  awsRequestId: requestId,
  logGroupName: logGroup,
  logStreamName: logStream,
  getRemainingTimeInMillis: () => Math.max(0, endsAt - machineNow()),
});

const answerOf = async (handler, invocation) => {
  const result = await handler(JSON.parse(invocation.payload), contextOf(invocation));
  const payload = JSON.stringify(result) ?? "null";
  if (Buffer.byteLength(payload) > bytesMax)
    throw named(
      "Function.ResponseSizeTooLarge",
      `Response payload size exceeded maximum allowed payload size (${bytesMax} bytes).`,
    );
  return payload;
};

const respond = takeShortcut(process.env.AWS_ENDPOINT_URL, (message) => parentPort.postMessage(message));
parentPort.on("message", (message) => {
  if (message.kind === "response") respond(message);
});

const handler = await load().catch(crash(undefined));

parentPort.on("message", async (invocation) => {
  if (invocation.kind === "response") return;
  process.env._X_AMZN_TRACE_ID = invocation.traceHeader;
  requestId = invocation.requestId;
  try {
    post({ kind: "answer", payload: await answerOf(handler, invocation) });
  } catch (fault) {
    post({ kind: "error", document: documentOf(fault) });
  }
});
parentPort.postMessage({ kind: "ready" });
