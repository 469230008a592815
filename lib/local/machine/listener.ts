/** An HTTP server for this machine only. It listens before its handler is set. */
import { createServer, type RequestListener, type Server } from "node:http";

export type Listener = {
  readonly url: string;
  readonly serve: (answer: RequestListener) => void;
  /** Accepts no more requests, and waits some seconds for running ones to be answered. */
  readonly stop: () => Promise<void>;
};

const stopMillisecondsMax = 3000;
const headerBytesMax = 10_240;

const notYet: RequestListener = (_, response) => {
  response.writeHead(503, { "content-type": "application/json", "retry-after": "1" });
  response.end(JSON.stringify({ message: "Service Unavailable" }));
};

const bind = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", (fault: NodeJS.ErrnoException) =>
      reject(
        fault.code === "EADDRINUSE"
          ? new Error(`port ${port} is in use: choose another one with --port`)
          : fault,
      ),
    );
    server.listen({ port, host: "127.0.0.1" }, () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });

export const listen = async (port: number): Promise<Listener> => {
  let answer = notYet;
  const server = createServer(
    { maxHeaderSize: headerBytesMax, keepAliveTimeout: 60_000, noDelay: true },
    (incoming, response) => answer(incoming, response),
  );
  // This server is not a proxy. Without a listener, Node would close the connection without an answer.
  server.on("connect", (_, socket) => {
    socket.end("HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
  });
  const bound = await bind(server, port);
  return {
    url: `http://127.0.0.1:${bound}`,
    serve: (given) => {
      answer = given;
    },
    stop: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), stopMillisecondsMax);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
};
