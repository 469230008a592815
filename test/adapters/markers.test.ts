/** A password in the settings of an adapter is in no error and in no line of the log, whatever the server says. */
import { inspect } from "node:util";
import { afterEach, expect, test, vi } from "vitest";
import { kafkaClient } from "../../lib/adapters/kafka/client.ts";
import { rabbitMqConnection } from "../../lib/adapters/rabbitmq/client.ts";
import { brokerUrl } from "../../lib/adapters/rabbitmq/settings.ts";
import { smtpMailer } from "../../lib/adapters/smtp/mailer.ts";
import { smtpSettings } from "../../lib/adapters/smtp/settings.ts";
import { jsonLog } from "../../lib/adapters/system/log.ts";
import { freePort } from "../../lib/local/machine/free-port.ts";
import { type Answers, type SmtpServer, smtpServer } from "./smtp/smtp-server.ts";

const servers: SmtpServer[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(servers.splice(0).map(({ stop }) => stop()));
});

const password = "marker-of-a-password";
const mail = { key: "1", to: "ada@example.com", subject: "Hello", text: "Hello", html: "Hello" };
const from = () => "shop@example.com";

/** Everything that an error shows: also its fields and its causes, which Lambda logs for an error that is not caught. */
const shownBy = async (run: () => unknown): Promise<string> => {
  try {
    await run();
  } catch (error) {
    return inspect(error, { depth: Number.POSITIVE_INFINITY });
  }
  throw new Error("expected an error");
};

const serverThat = async (answers: Answers = {}): Promise<string> => {
  const server = await smtpServer(answers);
  servers.push(server);
  return server.url;
};

const sendWith = (url: string) => () => smtpMailer({ url: () => url, from }).send(mail);

test.each([
  ["SMTP_URL", "smtps://user:PASSWORD/1@mail.example.com", smtpSettings.url],
  ["AMQP_URL", "amqps://user:PASSWORD/1@mq.example.com", brokerUrl],
])("%s with a password that breaks the URL is named without its value", async (name, value, read) => {
  vi.stubEnv(name, value.replace("PASSWORD", password));
  const shown = await shownBy(read);
  expect(shown).toContain(`environment variable ${name} is not a URL; encode`);
  expect(shown).not.toContain(password);
});

test.each([
  ["cannot be reached", async () => `smtp://user:${password}@127.0.0.1:${await freePort()}`, "ECONNREFUSED"],
  ["offers no TLS", async () => (await serverThat()).replace("//", `//user:${password}@`), "STARTTLS"],
  ["refuses the mail", () => serverThat({ RCPT: "550 no such mailbox" }), "550 no such mailbox"],
])("an SMTP server that %s", async (_, url, says) => {
  const shown = await shownBy(sendWith(await url()));
  expect(shown).toContain(says);
  expect(shown).not.toContain(password);
});

test("a Kafka that cannot be reached", async () => {
  const brokers = [`127.0.0.1:${await freePort()}`];
  const security = { kind: "scram-sha-512", username: "shop", password } as const;
  const producer = kafkaClient({ brokers, security }).producer({ retry: { retries: 0 } });
  const shown = await shownBy(() => producer.connect());
  expect(shown).toContain("ECONNREFUSED");
  expect(shown).not.toContain(password);
});

test("a RabbitMQ that cannot be reached", async () => {
  const lines: string[] = [];
  const origin = { service: "relay", function_request_id: "1", cold_start: false, xray_trace_id: undefined };
  const log = jsonLog({
    clock: () => new Date(0),
    namespace: () => "shop",
    origin: () => origin,
    level: () => "INFO",
    writeLine: (line) => void lines.push(line),
  });
  const url = `amqp://user:${password}@127.0.0.1:${await freePort()}`;
  const connection = rabbitMqConnection(url, log);
  await expect.poll(() => lines.join()).toContain("lost the connection to RabbitMQ");
  await connection.close();
  expect(lines.join()).not.toContain(password);
});
