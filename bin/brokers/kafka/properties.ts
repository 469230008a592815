/** The settings of a single broker that is its own controller (KRaft). */

type Node = {
  readonly port: number;
  readonly controllerPort: number;
  /** The folder of its data. */
  readonly folder: string;
};

/** Internal topics. Their default replication needs more than one broker. */
const alone = {
  "offsets.topic.replication.factor": 1,
  "offsets.topic.num.partitions": 1,
  "transaction.state.log.replication.factor": 1,
  "transaction.state.log.min.isr": 1,
  "share.coordinator.state.topic.replication.factor": 1,
  "share.coordinator.state.topic.min.isr": 1,
};

/** Formatted as a Java properties file. */
export const properties = ({ port, controllerPort, folder }: Node): string =>
  Object.entries({
    "process.roles": "broker,controller",
    "node.id": 1,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${port}`,
    "controller.listener.names": "CONTROLLER",
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    "log.dirs": folder,
    "num.partitions": 4,
    // A broker that was killed may join again after a short time.
    "broker.heartbeat.interval.ms": 500,
    "broker.session.timeout.ms": 2000,
    // A consumer group starts without waiting for more consumers.
    "group.initial.rebalance.delay.ms": 0,
    ...alone,
  })
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
