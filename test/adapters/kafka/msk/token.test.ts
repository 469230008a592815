import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { afterEach, expect, test, vi } from "vitest";
import { mskToken } from "../../../../lib/adapters/kafka/msk/token.ts";

afterEach(() => void vi.unstubAllEnvs());

const now = new Date("2026-02-03T04:05:06.789Z");

/** Node's own, in the shape that the SDK's signer wants. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret ? createHmac("sha256", secret as Uint8Array) : createHash("sha256");
  }
  update(data: Uint8Array) {
    this.#hash.update(data);
  }
  async digest() {
    return Uint8Array.from(this.#hash.digest());
  }
  reset() {}
}

const signedByTheSdk = async (credentials: {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}) => {
  const signer = new SignatureV4({
    service: "kafka-cluster",
    region: "eu-central-1",
    credentials,
    sha256: Sha256,
    applyChecksum: false,
  });
  const hostname = "kafka.eu-central-1.amazonaws.com";
  const { query } = await signer.presign(
    {
      method: "GET",
      protocol: "https:",
      hostname,
      path: "/",
      query: { Action: "kafka-cluster:Connect" },
      headers: { host: hostname },
    },
    { signingDate: now, expiresIn: 900 },
  );
  return query;
};

test.each([undefined, "a/session+token=="])(
  "the token is signed as the SDK signs, with session %s",
  async (session) => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    vi.stubEnv("AWS_SESSION_TOKEN", session);
    const url = new URL(Buffer.from(mskToken("eu-central-1", now), "base64url").toString());
    expect(`${url.protocol}//${url.host}${url.pathname}`).toBe("https://kafka.eu-central-1.amazonaws.com/");
    const { "User-Agent": agent, ...query } = Object.fromEntries(url.searchParams);
    expect(agent).toBe("eventfold");
    expect(query).toEqual(
      await signedByTheSdk({
        accessKeyId: "AKIDEXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        ...(session ? { sessionToken: session } : {}),
      }),
    );
  },
);

test("without credentials there is no token", () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "");
  expect(() => mskToken("eu-central-1", now)).toThrow("AWS_ACCESS_KEY_ID");
});
