/** The part of an SMTP server (RFC 5321) that receives mail. It stores every message unchanged. */
import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";

/** `MAIL`, `RCPT`, `DATA`, and `.` at the end of the data. An entry is the answer instead of success. */
export type Answers = Readonly<Record<string, string | "hang up">>;

export type SmtpServer = {
  readonly url: string;
  /** Headers and body of each message, lines with \n. */
  readonly taken: readonly string[];
  readonly stop: () => Promise<void>;
};

const good: Readonly<Record<string, string>> = {
  EHLO: "250 test",
  MAIL: "250 OK",
  RCPT: "250 OK",
  DATA: "354 go on",
  ".": "250 taken",
  QUIT: "221 bye",
};

export const smtpServer = async (answers: Answers = {}): Promise<SmtpServer> => {
  const taken: string[] = [];
  const sockets = new Set<Socket>();

  const serve = (socket: Socket) => {
    let data: string[] | undefined;
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.write("220 test\r\n");

    const answer = (verb: string) => {
      const words = answers[verb] ?? good[verb] ?? "500 what?";
      if (words === "hang up") socket.destroy();
      else socket.write(`${words}\r\n`);
      return words === good[verb];
    };
    const receive = (line: string) => {
      if (!data) {
        const verb = line.slice(0, 4).toUpperCase();
        if (answer(verb) && verb === "DATA") data = [];
      } else if (line !== ".") data.push(line.replace(/^\./, ""));
      else {
        if (answer(".")) taken.push(data.join("\n"));
        data = undefined;
      }
    };
    createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY }).on("line", receive);
  };

  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    taken,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};
