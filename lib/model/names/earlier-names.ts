/** Rules for the earlier names of renamed parts. */
import type { AnyApplication } from "../application.ts";
import { sharedNames } from "../validation/made-names.ts";
import { nameFaults, type Use } from "../validation/names.ts";
import { type Rule, repeated } from "../validation/rule.ts";
import { asStored } from "./as-stored.ts";
import { namesOf, type Renamable } from "./stored-name.ts";

/** Parts of one kind, of which no two may share a name. */
type Scope = {
  readonly kind: string;
  readonly use: Use;
  readonly parts: readonly (Renamable & { readonly where: string })[];
};

const placed = (kind: string, parts: readonly Renamable[]): Scope["parts"] =>
  parts.map(({ name, formerly }) => ({ name, formerly, where: `${kind} ${name}` }));

const scopesOf = ({
  deciders,
  projections,
  effects,
  sagas,
  translators = [],
}: AnyApplication): readonly Scope[] => [
  { kind: "deciders", use: "decider", parts: placed("decider", deciders) },
  { kind: "projections", use: "projection", parts: placed("projection", projections) },
  {
    kind: "effects, sagas and translators",
    use: "handler",
    parts: [...placed("effect", effects), ...placed("saga", sagas), ...placed("translator", translators)],
  },
  ...sagas.map(({ name, steps }) => ({
    kind: `saga ${name}, steps`,
    use: "step" as const,
    parts: placed(`saga ${name}, step`, steps),
  })),
];

/** A present name in the list is either the stored one, which needs no list, or was used twice. */
const adviceFor = (name: string, [first]: readonly string[]): string =>
  first === name ? "remove formerly, because this is the stored name" : `remove ${name} from the list`;

const problemsOfList = (use: Use, { where, name, formerly }: Scope["parts"][number]): readonly string[] => {
  if (!formerly) return [];
  const place = `${where}, formerly`;
  if (formerly.length === 0)
    return [
      `${place}: expected at least one earlier name, got an empty list; add the name, or remove formerly`,
    ];
  return [
    ...formerly.flatMap((earlier) => nameFaults(use, place, earlier)),
    ...repeated(formerly).map(
      (earlier) => `${place}: expected each earlier name once, got ${earlier} twice; remove the later one`,
    ),
    ...(formerly.includes(name)
      ? [`${place}: expected earlier names, got ${name}, the present name; ${adviceFor(name, formerly)}`]
      : []),
  ];
};

/** Two parts with the same present name have their own rule, so one of them is enough here. */
const sharedIn = ({ kind, parts }: Scope): readonly string[] => {
  const different = [...new Map(parts.map((part) => [part.name, part])).values()];
  return repeated(different.flatMap(namesOf)).map((shared) => {
    const owners = different.filter((part) => namesOf(part).includes(shared)).map(({ where }) => where);
    return `${kind}: expected names that no other one has or had, got ${shared} for ${owners.join(" and ")}; choose another name for one, or correct its formerly`;
  });
};

/** Each list is correct, and no two parts have a name in common, stored or not. */
export const earlierNamesAreUnique: Rule<AnyApplication> = (application) =>
  scopesOf(application).flatMap((scope) => [
    ...scope.parts.flatMap((part) => problemsOfList(scope.use, part)),
    ...sharedIn(scope),
  ]);

/** Names that are derived from the stored names, such as logical ids, are different too. */
export const storedNamesAreUnique: Rule<AnyApplication> = (application) => {
  const present = sharedNames(application);
  return sharedNames(asStored(application)).filter((problem) => !present.includes(problem));
};
