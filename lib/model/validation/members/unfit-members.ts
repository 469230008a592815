/** Finds members that are missing or have a value of another kind, because the application was not type-checked. */
import { addOrRename } from "../rule.ts";
import { isObject, type Member, memberOf, type Part } from "./member.ts";
import { applicationPart } from "./part-members.ts";

const shown = (value: unknown): string => {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return "a list";
  if (typeof value === "function") return "a function";
  return isObject(value) ? "an object" : `${value}`;
};

/** `key` is the key or index of the value in the part or the list that holds it. */
type Placed = { readonly where: string; readonly name: string; readonly key: string };

const problemsOfEach = ({ where, name }: Placed, values: object, member: Member): readonly string[] =>
  Object.entries(values).flatMap(([key, value]: readonly [string, unknown]) => {
    const at = Array.isArray(values) ? `${name}[${key}]` : `${name}.${key}`;
    return problemsOfValue({ where, name: at, key }, value, member);
  });

const problemsOfValue = (placed: Placed, value: unknown, member: Member): readonly string[] => {
  const { where, name, key } = placed;
  const { fits, expected, optional, part, each } = member;
  if (value === undefined && optional) return [];
  if (!fits(value))
    return [
      `${where}: expected ${name} to be ${expected}, got ${value === undefined ? "none" : shown(value)}`,
    ];
  if (!isObject(value)) return [];
  if (part) return problemsOfPart(part.placeOf(where, value, key), value, part);
  return each ? problemsOfEach(placed, value, each) : [];
};

/** An optional member may be `undefined`, and so may a value of any kind that is written down. */
const isMissing = (part: object, name: string, { fits, optional }: Member): boolean =>
  !optional && (!(name in part) || (memberOf(part, name) === undefined && !fits(undefined)));

const problemsOfPart = (where: string, part: object, { membersOf, problemsOf }: Part): readonly string[] => {
  const members = membersOf(part);
  return [
    ...Object.entries(members).flatMap(([name, member]) =>
      isMissing(part, name, member)
        ? [
            `${where}: expected ${name} to be ${member.expected}, got none; ${addOrRename(name, part, members)}`,
          ]
        : problemsOfValue({ where, name, key: name }, memberOf(part, name), member),
    ),
    ...(problemsOf?.(where, part) ?? []),
  ];
};

/** One message for each member that is missing or unfit. If there are any, other rules cannot read the application. */
export const unfitMembers = (application: object): readonly string[] =>
  problemsOfPart(applicationPart.placeOf("", application, "0"), application, applicationPart);
