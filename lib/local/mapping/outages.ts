/**
 * Reports each outage of a broker once: when the first mapping notices it, and again only after all of the mappings
 * have reached the broker in between.
 */

export type Outage = {
  /** `subject` is the broker or topic that cannot be reached. */
  readonly failed: (subject: string, because: string) => void;
  readonly works: () => void;
};

/** Shared by mappings that may use the same broker. */
export const outages = () => {
  const failing = new Map<string, Set<string>>();
  return (mappingId: string, tell: (message: string) => void): Outage => ({
    failed: (subject, because) => {
      const mappings = failing.get(subject) ?? new Set();
      if (mappings.size === 0) tell(`cannot read ${subject}: ${because}. Retrying`);
      failing.set(subject, mappings.add(mappingId));
    },
    works: () => {
      for (const mappings of failing.values()) mappings.delete(mappingId);
    },
  });
};
