import { afterEach, expect, test, vi } from "vitest";
import { mskToken } from "../../../../lib/adapters/kafka/msk/token.ts";

afterEach(() => void vi.unstubAllEnvs());

const now = new Date("2026-02-03T04:05:06.789Z");

/** Signatures of the same request by another implementation of Signature Version 4, with node:crypto alone. */
test.each([
  [undefined, "59980508d2ea3b4cbf47e4ddc9fd113250daeffc698d9cb76d9509f0b694353c"],
  ["a/session+token==", "a687f98034087bd08eaaba6820cdc02ba3a9a5f00521e25c995bcb35ad2827f7"],
])("the token is a signed request to connect, with session %s", async (session, signature) => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
  vi.stubEnv("AWS_SESSION_TOKEN", session);
  const url = new URL(Buffer.from(await mskToken("eu-central-1", now), "base64url").toString());
  expect(`${url.protocol}//${url.host}${url.pathname}`).toBe("https://kafka.eu-central-1.amazonaws.com/");
  expect(Object.fromEntries(url.searchParams)).toEqual({
    Action: "kafka-cluster:Connect",
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": "AKIDEXAMPLE/20260203/eu-central-1/kafka-cluster/aws4_request",
    "X-Amz-Date": "20260203T040506Z",
    "X-Amz-Expires": "900",
    "X-Amz-SignedHeaders": "host",
    "X-Amz-Signature": signature,
    "User-Agent": "eventfold",
    ...(session && { "X-Amz-Security-Token": session }),
  });
});

test("without credentials it rejects", async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "");
  await expect(mskToken("eu-central-1", now)).rejects.toThrow("AWS_ACCESS_KEY_ID");
});
