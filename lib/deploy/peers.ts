/** The optional peer dependencies: packages that an application installs only if it chooses a technology that needs them. */
import { createRequire } from "node:module";

const needed: Readonly<Record<string, string>> = {
  kafka: "kafkajs",
  rabbitmq: "rabbitmq-client",
  smtp: "nodemailer",
};

const isInstalled = (name: string): boolean => {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
};

/** Throws if a chosen bus or mailer needs a package that is not installed. */
export const refuseMissingPeers = (chosen: readonly string[]): void => {
  for (const choice of chosen) {
    const name = needed[choice];
    if (name !== undefined && !isInstalled(name))
      throw new Error(`${choice} needs the package ${name}, which is not installed: run npm install ${name}`);
  }
};
