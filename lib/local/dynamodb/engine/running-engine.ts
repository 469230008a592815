/** The engine that answers: the embedded one, which is started again if it ends, or one at an endpoint. */
import { parseJson } from "../../service/json-text.ts";
import { type Cloud, type Input, type Report, ServiceError } from "../../service/service.ts";
import { engineProgram } from "./engine.ts";
import { type EngineClient, engineClient } from "./engine-client.ts";
import { type EngineFolder, engineFolder } from "./engine-folder.ts";
import { engineProcess } from "./engine-process.ts";

type RunningEngine = {
  readonly start: () => Promise<EngineClient>;
  /** The parsed answer. An error of the engine is thrown as a ServiceError. */
  readonly ask: (target: string, json: string) => Promise<Input>;
  readonly stop: () => Promise<void>;
};

type EngineOptions = {
  /** The folder for the tables of the embedded engine. Without it the tables are temporary. */
  readonly data: string | undefined;
  /** The URL of another engine, to use instead of the embedded one. */
  readonly endpoint: string | undefined;
};

const failure = (status: number, json: string): ServiceError => {
  const { __type, message, Message, ...members } = JSON.parse(json);
  const code = String(__type).split("#").at(-1) ?? "InternalServerError";
  return new ServiceError(code, message ?? Message ?? code, status).with(members);
};

export const runningEngine = ({ data, endpoint }: EngineOptions, report: Cloud["report"]): RunningEngine => {
  let folder: EngineFolder | undefined;
  let client: EngineClient | undefined;
  let stopProcess = async () => {};

  const tell = (level: Report["level"], message: string) => report({ source: "dynamodb", level, message });

  const embedded = async (): Promise<string> => {
    folder ??= engineFolder(data);
    const program = await engineProgram(folder.path, (message) => tell("info", message), process.env);
    const running = await engineProcess(program, (code) => {
      tell("problem", `the DynamoDB engine ended (exit code ${code}) and is started again`);
      client?.close();
      start().catch((fault) => tell("problem", String(fault)));
    });
    stopProcess = running.stop;
    return running.url;
  };

  const start = async (): Promise<EngineClient> => {
    client = engineClient(endpoint ?? (await embedded()));
    return client;
  };

  return {
    start,
    ask: async (target, json) => {
      if (!client) throw new ServiceError("InternalServerError", "the DynamoDB engine is not running", 500);
      const answer = await client.ask(target, json);
      if (answer.status !== 200) throw failure(answer.status, answer.json);
      // A DynamoDB answer is always an object.
      return parseJson(answer.json) as Input;
    },
    stop: async () => {
      client?.close();
      client = undefined;
      await stopProcess();
      folder?.release();
    },
  };
};
