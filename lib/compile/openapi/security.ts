/** Which credentials an operation needs, and what the gateway answers to other callers. */
import type { Access } from "../../model/application.ts";
import type { GuardKind } from "../../model/http/guard.ts";
import type { Operation, Responses } from "./operation.ts";
import { refusedByGateway } from "./problems.ts";

type Scheme = Readonly<Record<string, string>>;

const token: Scheme = {
  type: "http",
  scheme: "bearer",
  bearerFormat: "JWT",
  description: "For deployments with a token issuer. The token must have the named scope.",
};

const signature: Scheme = {
  type: "apiKey",
  in: "header",
  name: "Authorization",
  description: "For deployments without a token issuer: AWS Signature Version 4.",
};

/** With `any`, the document lists the schemes of every kind of deployment. */
const schemes: Readonly<Record<GuardKind | "any", Readonly<Record<string, Scheme>>>> = {
  jwt: { token },
  iam: { signature },
  open: {},
  any: { token, signature },
};

export type Security = {
  readonly schemes: Readonly<Record<string, Scheme>>;
  readonly of: (access: Access) => Operation["security"];
  readonly refusals: (access: Access) => Responses;
};

export const securityBy = (guard: GuardKind | "any"): Security => {
  const used = schemes[guard];
  const isOpen = (access: Access) => access === "public" || guard === "open";
  return {
    schemes: used,
    of: (access) =>
      isOpen(access) ? [] : Object.keys(used).map((name) => ({ [name]: name === "token" ? [access] : [] })),
    refusals: (access) => (isOpen(access) ? {} : refusedByGateway),
  };
};
