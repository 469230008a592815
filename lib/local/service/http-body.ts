/** The whole body of a request. */
import type { IncomingMessage } from "node:http";

/** Answers nothing for a body over `bytesMax`, of which the rest is read and dropped. Rejects when the client goes. */
export const readBody = (incoming: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) chunks.push(chunk);
    });
    incoming.on("end", () => resolve(bytes <= bytesMax ? Buffer.concat(chunks) : undefined));
    incoming.on("error", reject);
    incoming.on("aborted", () => reject(new Error("the client is gone")));
  });
