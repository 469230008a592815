/** Names in the contract. A stored name is the first name that a thing ever had, so a renamed thing keeps its entry. */

export type Named = { readonly name: string; readonly formerly?: readonly string[] };

export const storedName = ({ name, formerly = [] }: Named): string => formerly[0] ?? name;

/** Names a message by its category, which is the stored name of its decider: `order.OrderPlaced`. */
export const labelOf = ({ category, type }: { readonly category: string; readonly type: string }): string =>
  `${category}.${type}`;
