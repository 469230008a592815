/** Reads the whole body of a request. */
import type { IncomingMessage } from "node:http";

/**
 * Undefined if the body has more than `bytesMax` bytes. The rest of it is then read and dropped. Rejects if the client
 * closes the connection.
 */
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
    incoming.on("aborted", () => reject(new Error("the client has closed the connection")));
  });
