/**
 * The access keys of the functions: which key signed a request says who calls. The signature itself is not
 * checked, for whoever reaches this machine's ports may read the keys as well.
 */
import { createHash } from "node:crypto";
import { type Caller, ServiceError } from "../service/service.ts";

export type Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string };

/** The key of whoever owns the machine: it may do everything. */
export const ownerCredentials: Credentials = { accessKeyId: "local", secretAccessKey: "local" };

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex").toUpperCase();

/** The same at each start, so that what holds them still may call after a restart. */
export const credentialsOf = (functionArn: string): Credentials => ({
  accessKeyId: `AKIA${hashOf(functionArn).slice(0, 16)}`,
  secretAccessKey: hashOf(`secret of ${functionArn}`).slice(0, 40),
});

type Signature = { readonly accessKeyId: string; readonly service: string };

/** Which key signed, and for which service, by the header Authorization. */
export const signatureIn = (authorization: string | undefined): Signature => {
  const [, accessKeyId = "", service = ""] =
    /Credential=([^/,\s]+)\/\d+\/[^/,\s]+\/([^/,\s]+)\/aws4_request/.exec(authorization ?? "") ?? [];
  return { accessKeyId, service };
};

/** The callers by their keys. */
export const callersByKey = (functions: Iterable<readonly [arn: string, caller: Caller]>) => {
  const callers = new Map<string, Caller>([[ownerCredentials.accessKeyId, { kind: "owner" }]]);
  for (const [arn, caller] of functions) callers.set(credentialsOf(arn).accessKeyId, caller);
  return (accessKeyId: string): Caller => {
    const caller = callers.get(accessKeyId);
    if (caller) return caller;
    throw new ServiceError(
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
      403,
    );
  };
};
