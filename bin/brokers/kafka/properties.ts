/** The settings of a broker that is its own controller (KRaft) and has nobody to replicate to. */

type Node = {
  readonly port: number;
  readonly controllerPort: number;
  /** Where its data are. */
  readonly folder: string;
};

/** Every topic of the broker's own that would ask for more brokers than there are. */
const alone = {
  "offsets.topic.replication.factor": 1,
  "offsets.topic.num.partitions": 1,
  "transaction.state.log.replication.factor": 1,
  "transaction.state.log.min.isr": 1,
  "share.coordinator.state.topic.replication.factor": 1,
  "share.coordinator.state.topic.min.isr": 1,
};

/** As a text of Java properties. */
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
    // One that was ended without a word is taken back soon.
    "broker.heartbeat.interval.ms": 500,
    "broker.session.timeout.ms": 2000,
    // A group is complete when its first consumer has come.
    "group.initial.rebalance.delay.ms": 0,
    ...alone,
  })
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
