/**
 * The token for Amazon MSK with IAM: a request to connect, signed with the function's credentials (Signature
 * Version 4 in a query) and valid for 15 minutes. The request is never sent. The format is the one of Amazon's own
 * signers, https://github.com/aws/aws-msk-iam-sasl-signer-js.
 */
import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import { optionalVariable, variable } from "../../../ports/settings.ts";

const lifetimeSeconds = 900;

/** Rejects if the environment has no credentials. */
export const mskToken = async (region: string, now: Date): Promise<string> => {
  const signer = new SignatureV4({
    service: "kafka-cluster",
    region,
    credentials: {
      accessKeyId: variable("AWS_ACCESS_KEY_ID"),
      secretAccessKey: variable("AWS_SECRET_ACCESS_KEY"),
      sessionToken: optionalVariable("AWS_SESSION_TOKEN"),
    },
    sha256: Sha256,
    applyChecksum: false,
  });
  const hostname = `kafka.${region}.amazonaws.com`;
  const request = {
    method: "GET",
    protocol: "https:",
    hostname,
    path: "/",
    query: { Action: "kafka-cluster:Connect" },
    headers: { host: hostname },
  };
  const { query } = await signer.presign(request, { signingDate: now, expiresIn: lifetimeSeconds });
  const url = new URL(`https://${hostname}/`);
  for (const [name, value] of Object.entries({ ...query, "User-Agent": "eventfold" }))
    url.searchParams.append(name, String(value));
  return Buffer.from(url.href).toString("base64url");
};
