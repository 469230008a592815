import { afterEach, expect, test, vi } from "vitest";
import { defaultProvider } from "../../../lib/adapters/system/credentials.ts";

afterEach(() => vi.unstubAllEnvs());

test("the credentials come from the environment", async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "key");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  vi.stubEnv("AWS_SESSION_TOKEN", "token");
  expect(await defaultProvider()()).toEqual({
    accessKeyId: "key",
    secretAccessKey: "secret",
    sessionToken: "token",
  });
});

test.each(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])("without %s it throws", async (name) => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "key");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  vi.stubEnv(name, undefined);
  await expect(defaultProvider()()).rejects.toThrow(`environment variable ${name} is missing`);
});
