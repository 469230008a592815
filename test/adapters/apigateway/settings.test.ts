import { afterEach, expect, test, vi } from "vitest";
import { apiGuard, callersWithoutToken } from "../../../lib/adapters/apigateway/settings.ts";

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

test.each(["exempt", "owner"])("a caller without a token may count as %s", (callers) => {
  vi.stubEnv("API_CALLERS", callers);
  expect(callersWithoutToken()).toBe(callers);
});

test("a caller without a token that counts as something else, or nothing, is refused", () => {
  expect(callersWithoutToken).toThrow("API_CALLERS is missing");
  vi.stubEnv("API_CALLERS", "librarian");
  expect(callersWithoutToken).toThrow(
    "environment variable API_CALLERS=librarian: must be one of exempt, owner",
  );
});
