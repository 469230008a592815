/**
 * What Amazon MSK takes as the token of a role: a request to connect, signed with the function's credentials
 * (Signature Version 4 in a query) and good for a quarter of an hour. Nobody ever sends that request.
 * The format is that of Amazon's own signers, https://github.com/aws/aws-msk-iam-sasl-signer-js.
 */
import { createHash, createHmac } from "node:crypto";

const lifetimeSeconds = 900;

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

const credentials = () => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY)
    throw new Error("the environment has no AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  return { id: AWS_ACCESS_KEY_ID, secret: AWS_SECRET_ACCESS_KEY, session: AWS_SESSION_TOKEN };
};

/** As RFC 3986 has it, with every reserved character encoded. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const queryOf = (parameters: Readonly<Record<string, string>>): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join("&");

export const mskToken = (region: string, now: Date): string => {
  const { id, secret, session } = credentials();
  const host = `kafka.${region}.amazonaws.com`;
  const time = `${now.toISOString().replace(/[-:]|\.\d+/g, "")}`;
  const date = time.slice(0, 8);
  const scope = `${date}/${region}/kafka-cluster/aws4_request`;
  const query = queryOf({
    Action: "kafka-cluster:Connect",
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${id}/${scope}`,
    "X-Amz-Date": time,
    "X-Amz-Expires": String(lifetimeSeconds),
    "X-Amz-SignedHeaders": "host",
    ...(session ? { "X-Amz-Security-Token": session } : {}),
  });
  const request = ["GET", "/", query, `host:${host}\n`, "host", sha256("")].join("\n");
  const text = ["AWS4-HMAC-SHA256", time, scope, sha256(request)].join("\n");
  const key = [region, "kafka-cluster", "aws4_request"].reduce(hmac, hmac(`AWS4${secret}`, date));
  const signature = createHmac("sha256", key).update(text).digest("hex");
  const url = `https://${host}/?${query}&X-Amz-Signature=${signature}&User-Agent=eventfold`;
  return Buffer.from(url).toString("base64url");
};
