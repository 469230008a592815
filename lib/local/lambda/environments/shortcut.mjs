/**
 * A short path to the gateway: requests of a function to the endpoint of the AWS APIs go to the main thread as messages
 * and not through two sockets. The classes here have the parts of node:http that the SDK uses. Requests with other
 * options use node:http itself. This saves about a tenth of the CPU time.
 */
import { EventEmitter } from "node:events";
import http from "node:http";
import { syncBuiltinESMExports } from "node:module";
import { Readable } from "node:stream";

/** A connection that is always open. */
const socket = Object.assign(new EventEmitter(), {
  connecting: false,
  setKeepAlive: () => socket,
  setTimeout: () => socket,
});
socket.setMaxListeners(0);

class ShortRequest extends EventEmitter {
  socket = socket;
  #send;
  isDone = false;

  constructor(send, answered) {
    super();
    this.#send = send;
    if (answered) this.once("response", answered);
  }

  setTimeout() {
    return this;
  }

  end(body) {
    this.#send(typeof body === "string" ? Buffer.from(body) : body);
    return this;
  }

  destroy(fault) {
    if (this.isDone) return this;
    this.isDone = true;
    queueMicrotask(() => {
      if (fault) this.emit("error", fault);
      this.emit("close");
    });
    return this;
  }
}

/** The whole body is present, so `pipe`, which the SDK calls, writes it at once. */
class ShortResponse extends Readable {
  #bytes;

  constructor({ status, headers, body }) {
    super();
    this.statusCode = status;
    this.statusMessage = "";
    this.headers = headers;
    this.#bytes =
      typeof body === "string" ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.length);
  }

  _read() {
    this.push(this.#bytes);
    this.push(null);
  }

  pipe(target) {
    target.end(this.#bytes);
    return target;
  }
}

/** Returns a function that takes the responses. `post` sends a message to the main thread. */
export const takeShortcut = (endpoint, post) => {
  const { hostname, port } = new URL(endpoint);
  const waiting = new Map();
  const long = http.request;
  let last = 0;

  http.request = (options, answered) => {
    const isShort =
      typeof options === "object" &&
      options.host === hostname &&
      String(options.port) === port &&
      !options.auth;
    if (!isShort) return long(options, answered);
    last += 1;
    const id = last;
    const { method, path, headers } = options;
    const request = new ShortRequest((body) => {
      waiting.set(id, request);
      post({ kind: "request", id, method, path, headers: { ...headers }, body });
    }, answered);
    return request;
  };
  syncBuiltinESMExports();

  return (message) => {
    const request = waiting.get(message.id);
    waiting.delete(message.id);
    if (!request || request.isDone) return;
    request.isDone = true;
    request.emit("response", new ShortResponse(message));
    request.emit("close");
  };
};
