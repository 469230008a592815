/**
 * Makes in a broker what the stack of a template needs there. The broker is the one that the environment names, in
 * the same variables as for functions. The client of a broker is loaded only if that bus is chosen: it is an optional
 * peer of the package.
 */
import type { ProvisionOptions } from "./options.ts";
import type { Template } from "./template.ts";

type Provision = (template: Template, options: ProvisionOptions) => Promise<readonly string[]>;

const provisionIn: Readonly<Record<"kafka" | "rabbitmq", () => Promise<Provision>>> = {
  kafka: async () => {
    const { inKafka } = await import("./kafka.ts");
    return inKafka;
  },
  rabbitmq: async () => {
    const { inRabbitMq } = await import("./rabbitmq.ts");
    return inRabbitMq;
  },
};

/** Answers the names of the topics or queues. Throws if the broker cannot be reached. */
export const provision = async (
  bus: "kafka" | "rabbitmq",
  template: Template,
  options: ProvisionOptions,
): Promise<readonly string[]> => {
  try {
    return await (await provisionIn[bus]())(template, options);
  } catch (error) {
    throw new Error(`${bus} cannot be prepared: ${error instanceof Error ? error.message : error}`);
  }
};
