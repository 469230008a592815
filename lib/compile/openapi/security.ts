/** Who may call an operation, and what the gateway itself answers to anybody else. */
import type { Access } from "../../model/application.ts";
import type { GuardKind } from "../../model/http/guard.ts";
import type { Operation, Responses } from "./operation.ts";
import { refusedByGateway } from "./problems.ts";

type Scheme = Readonly<Record<string, string>>;

const token: Scheme = {
  type: "http",
  scheme: "bearer",
  bearerFormat: "JWT",
  description: "If it is deployed with an issuer. The token has the scope that is named.",
};

const signature: Scheme = {
  type: "apiKey",
  in: "header",
  name: "Authorization",
  description: "If it is deployed without an issuer: AWS Signature Version 4.",
};

/** A document for no deployment in particular says what any may ask for. */
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
