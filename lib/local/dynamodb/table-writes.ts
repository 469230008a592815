/** Notifies the readers of a table's stream when the table has been written. */
export type TableWrites = {
  readonly listen: (table: string, listener: () => void) => void;
  readonly tell: (table: string) => void;
};

export const tableWrites = (): TableWrites => {
  const listeners = new Map<string, (() => void)[]>();
  return {
    listen: (table, listener) => void listeners.set(table, [...(listeners.get(table) ?? []), listener]),
    tell: (table) => {
      for (const listener of listeners.get(table) ?? []) listener();
    },
  };
};
