/** What the document says about owners: of each route, and of the callers of a deployment. */
import type { CountsAs, GuardKind } from "../../model/http/guard.ts";
import { hasOwner, type Route } from "../../model/http/route.ts";
import type { Responses } from "./operation.ts";
import { problemResponses } from "./problems.ts";

const unknown = "To other callers, the answer is the same as for an id that does not exist.";

/** Whose things this kind of route shows or changes. */
const ruleOf = (route: Route): string => {
  if ("list" in route) return "A caller gets only the rows that the caller owns.";
  if (!("command" in route) || route.owner === "none" || !("field" in route.owner))
    return `Only for the owner. ${unknown}`;
  return `${route.owner.field} must be the subject of the caller's token. An id that is in use is refused, whoever owns it.`;
};

/** Undefined if the route has no owner. */
export const ownerText = (route: Route): string | undefined => {
  if (!hasOwner(route)) return undefined;
  const { exempt } = route.owner;
  return exempt.length > 0
    ? `${ruleOf(route)} Callers with the scope ${exempt.join(" or ")} are exempt.`
    : ruleOf(route);
};

/** The answers that a command has because of its owner. */
export const refusalsOf = (route: Route): Responses => {
  if (!("command" in route) || !hasOwner(route)) return {};
  return problemResponses(["field" in route.owner ? "forbidden" : "not-found"]);
};

const exempt = "count as exempt: they may see and change the things of all owners.";

/** What callers count as on routes with an owner. */
const callersTexts = {
  iam: {
    exempt: `Callers with AWS credentials ${exempt}`,
    owner: "A caller with AWS credentials owns the things whose owner is the ARN of its user or role.",
  },
  open: `This deployment is open to everyone. All callers ${exempt}`,
  any: `On a deployment without a token issuer, callers ${exempt}`,
} as const;

/** Undefined if there is nothing to say: no route has an owner, or every caller has a token. */
export const callersText = (
  routes: readonly Route[],
  guard: GuardKind | "any",
  callers: CountsAs,
): string | undefined => {
  if (!routes.some(hasOwner) || guard === "jwt") return undefined;
  return guard === "iam" ? callersTexts.iam[callers] : callersTexts[guard];
};
