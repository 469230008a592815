/** `eventfold provision`: makes the topics or queues of a stack in a broker, before the stack is deployed. */
import { rmSync } from "node:fs";
import { either } from "../lib/model/either.ts";
import { argumentsIn } from "./command-line/arguments.ts";
import { engineNamed } from "./command-line/engine-named.ts";
import { ownProject } from "./command-line/own-project.ts";
import {
  answer,
  commonOptions,
  countOf,
  fail,
  messageOf,
  misused,
  optionsOf,
  wordOf,
} from "./command-line.ts";
import { helpText } from "./help/help.ts";
import { provisionHelp } from "./help/making.ts";
import { brokerContext, withBrokers } from "./provision/environment.ts";

const help = helpText(provisionHelp);

const options = () =>
  optionsOf(
    () =>
      argumentsIn({
        options: {
          ...commonOptions,
          bus: { type: "string" },
          saga: { type: "string" },
          partitions: { type: "string", default: "12" },
          replicas: { type: "string", default: "3" },
        },
      }),
    help,
  );

const run = async () => {
  const { bus: named, saga, ...given } = options();
  if (named === undefined) return misused(`--bus is missing: expected ${either(withBrokers)}`);
  const bus = wordOf("bus", withBrokers, named);
  const engine = saga === undefined ? {} : { saga: engineNamed("saga", saga) };
  const partitions = countOf("partitions", given.partitions);
  const replicas = countOf("replicas", given.replicas);
  const context = { ...brokerContext(bus), ...engine };
  // The CDK and the clients of brokers take seconds to load.
  const { synthesize } = await import("../lib/deploy/synthesize.ts");
  const { provision } = await import("./provision/brokers.ts");
  const { templateIn } = await import("./provision/template.ts");
  const { assembly, stack } = synthesize(await ownProject(), { context, validation: false });
  try {
    const names = await provision(bus, templateIn(assembly, stack), { partitions, replicas, emptied: false });
    const lines = names.map((name) => `${name}\n`).join("");
    answer("provision", `${lines}${names.length} exist\n`, { kind: "provisioned", bus, names });
  } finally {
    rmSync(assembly, { recursive: true, force: true });
  }
};

await run().catch((error: unknown) => fail(messageOf(error)));
