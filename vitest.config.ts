import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // More seeds make the simulation longer: SEEDS=40 npx vitest run test/simulation
    testTimeout: process.env.SEEDS ? 600_000 : 30_000,
    hookTimeout: 60_000,
  },
});
