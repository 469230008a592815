/** Which credentials an operation needs, and what the gateway answers to other callers. */

import type { GuardKind } from "../../model/http/guard.ts";
import { callersOf, type Route } from "../../model/http/route.ts";
import type { Operation, Responses } from "./operation.ts";
import { refusedByGateway } from "./problems.ts";

type Scheme = Readonly<Record<string, string>>;

const token: Scheme = {
  type: "http",
  scheme: "bearer",
  bearerFormat: "JWT",
  description: "For deployments with a token issuer. The token must have one of the named scopes.",
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
  readonly of: (route: Route) => Operation["security"];
  readonly refusals: (route: Route) => Responses;
};

export const securityBy = (guard: GuardKind | "any"): Security => {
  const used = schemes[guard];
  const isOpen = ({ access }: Route) => access === "public" || guard === "open";
  return {
    schemes: used,
    // One scope is enough, so each is an alternative.
    of: (route) => {
      if (isOpen(route)) return [];
      return Object.keys(used).flatMap((name): Operation["security"] =>
        name === "token" ? callersOf(route).map((scope) => ({ [name]: [scope] })) : [{ [name]: [] }],
      );
    },
    refusals: (route) => (isOpen(route) ? {} : refusedByGateway),
  };
};
