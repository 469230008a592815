import { afterEach, expect, test, vi } from "vitest";
import { apiGuard } from "../../../lib/adapters/apigateway/settings.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test.each(["jwt", "iam", "open"])("an API may be guarded by %s", (guard) => {
  vi.stubEnv("API_GUARD", guard);
  expect(apiGuard()).toBe(guard);
});

test("another guard, and a missing one, are refused", () => {
  expect(apiGuard).toThrow("API_GUARD is missing");
  vi.stubEnv("API_GUARD", "trust");
  expect(apiGuard).toThrow("must be one of jwt, iam, open");
});
