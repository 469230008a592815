/** A client of the engine. It keeps many sockets open, and takes and returns JSON text. */
import { Agent, request } from "node:http";
import { ServiceError } from "../../service/service.ts";

type EngineAnswer = { readonly status: number; readonly json: string };

export type EngineClient = {
  readonly ask: (target: string, json: string) => Promise<EngineAnswer>;
  readonly close: () => void;
};

const socketsMax = 128;

/** The engine requires a signature but does not check it. */
const headers = {
  "content-type": "application/x-amz-json-1.0",
  "x-amz-date": "20240101T000000Z",
  authorization:
    "AWS4-HMAC-SHA256 Credential=local/20240101/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
};

export const engineClient = (url: string): EngineClient => {
  const agent = new Agent({ keepAlive: true, maxSockets: socketsMax, noDelay: true });
  const { hostname, port } = new URL(url);

  const ask: EngineClient["ask"] = (target, json) =>
    new Promise((resolve, reject) => {
      const fail = (fault: Error) =>
        reject(
          new ServiceError(
            "InternalServerError",
            `the DynamoDB engine does not answer: ${fault.message}`,
            500,
          ),
        );
      const asked = request(
        {
          agent,
          hostname,
          port,
          method: "POST",
          path: "/",
          headers: { ...headers, "x-amz-target": target, "content-length": Buffer.byteLength(json) },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("error", fail);
          answer.on("end", () =>
            resolve({ status: answer.statusCode ?? 500, json: Buffer.concat(chunks).toString("utf8") }),
          );
        },
      );
      asked.on("error", fail);
      asked.end(json);
    });

  return { ask, close: () => agent.destroy() };
};
