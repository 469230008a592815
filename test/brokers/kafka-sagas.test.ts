/** Sagas on Kafka with a real broker, without Step Functions. */
import { afterAll, afterEach, beforeAll } from "vitest";
import { type Kafka as Broker, startKafka } from "../../bin/brokers/kafka.ts";
import { clients } from "./kafka-application.ts";
import { sagasConform } from "./sagas/conform.ts";

let broker: Broker;
const { attachTo, close } = clients(() => broker.brokers);

beforeAll(async () => {
  broker = await startKafka();
});
afterEach(close);
afterAll(() => broker?.stop());

sagasConform(attachTo);
