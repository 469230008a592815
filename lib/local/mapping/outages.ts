/**
 * Brokers that are out of reach, told once: by the first mapping that finds it out, and again only after all
 * of them have reached it in between.
 */

export type Outage = {
  /** `subject` is what cannot be reached: a broker, a topic. */
  readonly failed: (subject: string, because: string) => void;
  readonly works: () => void;
};

/** Shared by mappings that may have the same broker. */
export const outages = () => {
  const failing = new Map<string, Set<string>>();
  return (mappingId: string, tell: (message: string) => void): Outage => ({
    failed: (subject, because) => {
      const mappings = failing.get(subject) ?? new Set();
      if (mappings.size === 0) tell(`${subject} is not read: ${because}; this is tried again`);
      failing.set(subject, mappings.add(mappingId));
    },
    works: () => {
      for (const mappings of failing.values()) mappings.delete(mappingId);
    },
  });
};
