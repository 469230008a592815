/** Rules for the access and the owners of routes. A rule ignores the routes that it is not for. */
import type { AnyApplication } from "../../application.ts";
import { callersOf, hasOwner, type Route } from "../../http/route.ts";
import { fieldAt, isText, type Part } from "../../json/schema-parts.ts";
import { placeOf, type Rule, unless } from "../rule.ts";

const namesAreDeclared: Rule<Route> = (route, { access }) =>
  callersOf(route)
    .filter((name) => !access.includes(name))
    .map(
      (name) =>
        `${placeOf(route)}: expected a name in access of the application (${access.join(", ") || "none"}), got ${name}; add it to access, or use another name`,
    );

/** A caller without a token owns nothing, and a route whose callers are all exempt needs no owner. */
const callersCanOwn: Rule<Route> = (route) => {
  if (!hasOwner(route)) return [];
  const { access, owner } = route;
  if (callersOf(route).includes("public"))
    return [
      `${placeOf(route)}: expected a route with an owner to need a token, got access public; choose another access name, or owner: "none"`,
    ];
  return unless(
    !owner.exempt.includes(access),
    `${placeOf(route)}, owner: expected access names other than ${access} in exempt, got ${access}; remove it, or choose owner: "none"`,
  );
};

/** The schema of what a route shows or takes. */
const schemaOf = (route: Route): Part | undefined => {
  if ("command" in route) return route.command.schema;
  if ("query" in route) return route.query.row;
  return "list" in route ? route.list.row : undefined;
};

/** A command may name a field inside an object: `customer.id`. A row may not, because an index cannot. */
const fieldIsText: Rule<Route> = (route) => {
  const schema = schemaOf(route);
  if (!hasOwner(route) || !("field" in route.owner) || !schema) return [];
  const { owner } = route;
  const field = fieldAt(schema, "command" in route ? owner.field.split(".") : [owner.field]);
  return unless(
    field !== undefined && isText(field),
    `${placeOf(route)}, owner: expected a field that is a string, got ${owner.field}; name the field with the owner's id`,
  );
};

const factIsOfTheStream: Rule<Route> = (route) => {
  const fact = hasOwner(route) && "fact" in route.owner ? route.owner.fact : undefined;
  if (!fact) return [];
  const category = "command" in route ? route.command.category : "history" in route ? route.history.name : "";
  return unless(
    fact.category === category,
    `${placeOf(route)}, owner: expected a fact of decider ${category}, got one of ${fact.category}; make it with fact(${category}, …)`,
  );
};

const begins = (route: Route, { deciders }: AnyApplication): boolean =>
  "command" in route &&
  deciders.some(
    (decider) =>
      decider.name === route.command.category && (decider.begins ?? []).includes(route.command.type),
  );

/** The first event of a stream comes from data of the caller. Later commands cannot be trusted to name the owner. */
const beginnersNameAField: Rule<Route> = (route, application) => {
  if (!("command" in route) || route.owner === "none") return [];
  const { command, owner } = route;
  if (begins(route, application))
    return unless(
      "field" in owner && owner.field !== undefined,
      `${placeOf(route)}, owner: expected a field of ${command.type}, which begins a stream of ${command.category}, got only a fact; add the field that must be the caller's subject`,
    );
  return unless(
    !("field" in owner) || owner.field === undefined,
    `${placeOf(route)}, owner: expected a fact of decider ${command.category}, got a field; use fact, or add ${command.type} to begins of ${command.category}`,
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
    `${placeOf(route)}: expected an access name that owns nothing, because this route shows the things of all owners, got ${access}; choose a name that is exempt on other routes${"history" in route ? ", or give the route an owner" : ""}`,
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
