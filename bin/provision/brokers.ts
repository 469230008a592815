/**
 * Makes in a broker what the stack of a template needs. The environment names the broker, with the same variables as for
 * functions. The client is loaded only for the chosen bus, because it is an optional peer dependency.
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

/** Returns the names of the topics or queues. Throws if the broker does not answer. */
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
