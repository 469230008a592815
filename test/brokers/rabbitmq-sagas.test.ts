/** Sagas on RabbitMQ with a real server, without Step Functions. */
import { afterAll, afterEach, beforeAll } from "vitest";
import { type RabbitMq, startRabbitMq } from "../../bin/brokers/rabbitmq.ts";
import { clients } from "./rabbitmq-application.ts";
import { sagasConform } from "./sagas/conform.ts";

let broker: RabbitMq;
const { attach, close } = clients(() => broker.url);

beforeAll(async () => {
  broker = await startRabbitMq();
});
afterEach(close);
afterAll(() => broker?.stop());

sagasConform(() => attach);
