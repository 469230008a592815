/** Rules for the access and the owners of routes. A rule ignores the routes that it is not for. */
import type { AnyApplication } from "../../application.ts";
import { callersOf, hasOwner, type Route } from "../../http/route.ts";
import { fieldAt, isText, type Part } from "../../json/schema-parts.ts";
import { storedNameOf } from "../../names/stored-name.ts";
import { placeOf, type Rule, unless } from "../rule.ts";

const namesAreDeclared: Rule<Route> = (route, { access }) =>
  callersOf(route)
    .filter((name) => !access.includes(name))
    .map((name) => {
      const where = name === route.access ? "access" : "owner, exempt";
      return `${placeOf(route)}, ${where}: expected a name in access of the application (${access.join(", ") || "none"}), got ${name}; add it to access, or use another name`;
    });

/** A caller without a token owns nothing, and a route whose callers are all exempt needs no owner. */
const callersCanOwn: Rule<Route> = (route) => {
  if (!hasOwner(route)) return [];
  const { access, owner } = route;
  if (callersOf(route).includes("public"))
    return [
      `${placeOf(route)}, owner: expected callers with a token, because the token names the owner, got public in ${access === "public" ? "access" : "exempt"}; use another access name, or owner: "none"`,
    ];
  return unless(
    !owner.exempt.includes(access),
    `${placeOf(route)}, owner: expected exempt to leave out ${access}, which is the access of the route, got ${owner.exempt.join(", ")}; remove ${access}, or use owner: "none"`,
  );
};

type Shown = { readonly what: string; readonly schema: Part };

/** What a route shows or takes. */
const shownBy = (route: Route): Shown | undefined => {
  if ("command" in route) return { what: route.command.type, schema: route.command.schema };
  const projection = "query" in route ? route.query : "list" in route ? route.list : undefined;
  return projection && { what: `the row of ${projection.name}`, schema: projection.row };
};

/** A command may name a field inside an object: `customer.id`. A row may not, because an index cannot. */
const fieldIsText: Rule<Route> = (route) => {
  const shown = shownBy(route);
  const name = hasOwner(route) && "field" in route.owner ? route.owner.field : undefined;
  if (!shown || name === undefined) return [];
  const field = fieldAt(shown.schema, "command" in route ? name.split(".") : [name]);
  return unless(
    field !== undefined && isText(field),
    `${placeOf(route)}, owner: expected field to be a string in ${shown.what}, got ${name}, which ${field ? "is not a string" : "it does not have"}; name the field with the owner's id`,
  );
};

const factIsOfTheStream: Rule<Route> = (route) => {
  const fact = hasOwner(route) && "fact" in route.owner ? route.owner.fact : undefined;
  if (!fact) return [];
  const category =
    "command" in route ? route.command.category : "history" in route ? storedNameOf(route.history) : "";
  return unless(
    fact.category === category,
    `${placeOf(route)}, owner: expected a fact of decider ${category}, got a fact of ${fact.category}; make it with fact(${category}, …)`,
  );
};

const begins = (route: Route, { deciders }: AnyApplication): boolean =>
  "command" in route &&
  deciders.some(
    (decider) =>
      decider.name === route.command.decider && (decider.begins ?? []).includes(route.command.type),
  );

/** The first event of a stream comes from data of the caller. Later commands cannot be trusted to name the owner. */
const beginnersNameAField: Rule<Route> = (route, application) => {
  if (!("command" in route) || route.owner === "none") return [];
  const { command, owner } = route;
  if (begins(route, application))
    return unless(
      "field" in owner && owner.field !== undefined,
      `${placeOf(route)}, owner: expected a field of ${command.type}, which begins a stream of ${command.decider}, got only a fact; add the field that must equal the caller's subject`,
    );
  return unless(
    !("field" in owner) || owner.field === undefined,
    `${placeOf(route)}, owner: expected a fact of decider ${command.decider}, got a field of ${command.type}, which any caller can fill in; use a fact, or add ${command.type} to begins of ${command.decider}`,
  );
};

const listHasAnIndexByOwner: Rule<Route> = (route) => {
  if (!("list" in route) || route.owner === "none") return [];
  const { list, indexes, owner } = route;
  return unless(
    indexes.some((index) => list.indexes?.[index]?.by === owner.field),
    `${placeOf(route)}, owner: expected an index by ${owner.field} in indexes, got ${indexes.join(", ") || "none"}; add an index of projection ${list.name} with by: "${owner.field}"`,
  );
};

/** A saga and a history show everything about a thing, so a caller who owns some things may not see all of them. */
const onlyExemptCallersSeeAll: Rule<Route> = (route, { routes }) => {
  const isOpenToAll = "sagas" in route || ("history" in route && route.owner === "none");
  if (!isOpenToAll) return [];
  const { access } = route;
  const owners = routes.filter(hasOwner).map((each) => each.access);
  return unless(
    access !== "public" && !owners.includes(access),
    `${placeOf(route)}: expected access to be a name that owns nothing on other routes, because this route shows the things of all owners, got ${access}; use a name that is exempt there${"history" in route ? ", or give this route an owner" : ""}`,
  );
};

/** The rules for the access and the owner of one route. */
export const ownerRules: readonly Rule<Route>[] = [
  namesAreDeclared,
  callersCanOwn,
  fieldIsText,
  factIsOfTheStream,
  beginnersNameAField,
  listHasAnIndexByOwner,
  onlyExemptCallersSeeAll,
];
