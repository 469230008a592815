/** Names a message by its category, which is the stored name of its decider: `order.OrderPlaced`. */
export const labelOf = ({ category, type }: { readonly category: string; readonly type: string }): string =>
  `${category}.${type}`;
