import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { withoutSdkWarning } from "./lib/local/service/sdk-warning.ts";

const endToEnd = ["test/e2e/**/*.test.ts", "test/library/e2e/**/*.test.ts"];
/** They share one synthesized shop. */
const shop = ["test/shop/e2e/**/*.test.ts"];
/** Each test starts a recorded data folder, some minutes in all: npm run test:stored. */
const stored = ["test/shop/stored/**/*.test.ts", "test/library/stored/**/*.test.ts"];
/** Each test runs a command in its own process, some minutes in all: npm run test:commands. */
const commands = [
  ...["app", "closed-pipe", "compat", "json", "misused", "synth"].map((name) => `test/bin/${name}.test.ts`),
  ...["access", "owners", "tokens"].map((name) => `test/library/e2e/${name}.test.ts`),
  ...["bin/compat", "e2e/restart", "simulation/conformance-command"].map(
    (name) => `test/shop/${name}.test.ts`,
  ),
];
/** Runs each command of the README and the guide, half a minute: npm run test:guide. */
const guide = ["test/shop/guide/commands.test.ts"];
/** These need a Kafka and a RabbitMQ, and start them if there are none: npm run test:brokers. */
const brokers = ["test/brokers/**/*.test.ts"];

export default defineConfig({
  test: {
    env: withoutSdkWarning,
    // Most end-to-end tests wait for a process of their own, so a worker more than cores keeps the cores busy.
    maxWorkers: availableParallelism() + 1,
    // A busy machine takes its time. These limits end what hangs; no test depends on how long something takes.
    // More seeds make the simulation longer: SEEDS=40 npx vitest run test/simulation
    testTimeout: process.env.SEEDS ? 600_000 : 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 50_000 } },
    projects: [
      {
        extends: true,
        // Files share what they import: nobody mocks a module, and to load them anew for each takes half of the time.
        test: {
          name: "parts",
          include: ["test/**/*.test.ts", "templates/new/test/**/*.test.ts"],
          exclude: [...endToEnd, ...shop, ...stored, ...commands, ...guide, ...brokers, "**/node_modules/**"],
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: "e2e", include: endToEnd, exclude: commands, testTimeout: 120_000 },
      },
      {
        extends: true,
        test: {
          name: "shop",
          include: shop,
          exclude: commands,
          globalSetup: "test/shop/e2e/assembly.ts",
          isolate: false,
          testTimeout: 120_000,
        },
      },
      { extends: true, test: { name: "commands", include: commands, testTimeout: 120_000 } },
      { extends: true, test: { name: "guide", include: guide, testTimeout: 120_000 } },
      { extends: true, test: { name: "stored", include: stored, testTimeout: 600_000 } },
      {
        extends: true,
        test: { name: "brokers", include: brokers, testTimeout: 60_000, hookTimeout: 180_000 },
      },
    ],
  },
});
