/**
 * A part of an application may be renamed. Its stored name is the first name that it ever had: in stream ids, tables,
 * queues, functions, checkpoints and the ids of commands and sagas. So a new name changes nothing that is stored.
 */

/** A part that may have had other names. */
export type Renamable = {
  readonly name: string;
  /** Its earlier names, the oldest first. */
  readonly formerly?: readonly string[];
};

/** The first name that the part ever had. */
export const storedNameOf = ({ name, formerly = [] }: Renamable): string => formerly[0] ?? name;

/** All names of a part, the stored one first and the present one last. */
export const namesOf = ({ name, formerly = [] }: Renamable): readonly string[] => [
  ...new Set([...formerly, name]),
];

/** The name that the part has in code, routes and documents. */
export const presentNameOf = (part: Renamable): string => namesOf(part).at(-1) ?? part.name;

/** The part with this name, which may be its present name or an earlier one. Undefined if there is none. */
export const findByName = <Part extends Renamable>(parts: readonly Part[], name: string): Part | undefined =>
  parts.find((part) => namesOf(part).includes(name));
