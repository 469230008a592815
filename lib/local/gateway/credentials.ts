/**
 * The access keys of the functions. The key that signed a request identifies the caller. The signature itself is not
 * checked: a process that can reach the ports of this machine could read the keys as well.
 */
import { createHash } from "node:crypto";
import { type Caller, ServiceError } from "../service/service.ts";

export type Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string };

/** The key of the machine's owner, who may do everything. */
export const ownerCredentials: Credentials = { accessKeyId: "local", secretAccessKey: "local" };

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex").toUpperCase();

/**
 * The credentials of a function are the same at each start, so that a process that still holds them can call after a
 * restart.
 */
export const credentialsOf = (functionArn: string): Credentials => ({
  accessKeyId: `AKIA${hashOf(functionArn).slice(0, 16)}`,
  secretAccessKey: hashOf(`secret of ${functionArn}`).slice(0, 40),
});

type Signature = { readonly accessKeyId: string; readonly service: string };

/** Reads the access key and the service from the header Authorization. */
export const signatureIn = (authorization: string | undefined): Signature => {
  const [, accessKeyId = "", service = ""] =
    /Credential=([^/,\s]+)\/\d+\/[^/,\s]+\/([^/,\s]+)\/aws4_request/.exec(authorization ?? "") ?? [];
  return { accessKeyId, service };
};

/** The callers, by access key. */
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
