/** The reference implementation of idempotency keys. */
import type { HttpResponse } from "../../ports/http.ts";
import type { IdempotencyKeys, Mark } from "../../ports/idempotency-keys.ts";

type Entry =
  | { readonly mark: Mark; readonly leaseUntil: number }
  | { readonly mark: Mark; readonly answer: HttpResponse };

/** Idempotency keys in memory. */
export const memoryIdempotencyKeys = (): IdempotencyKeys => {
  const entries = new Map<string, Entry>();

  const holds = ({ id, owner }: Mark): boolean => {
    const entry = entries.get(id);
    return entry !== undefined && "leaseUntil" in entry && entry.mark.owner === owner;
  };

  return {
    begin: async (mark, now, leaseSeconds) => {
      const known = entries.get(mark.id);
      const leaseUntil = now.getTime() + leaseSeconds * 1000;
      if (!known || known.mark.expires <= now) {
        entries.set(mark.id, { mark, leaseUntil });
        return { kind: "first", mark };
      }
      if (known.mark.fingerprint !== mark.fingerprint) return { kind: "other" };
      if ("answer" in known) return { kind: "answered", answer: known.answer };
      if (known.mark.owner === mark.owner) return { kind: "retry", mark: known.mark };
      if (known.leaseUntil > now.getTime()) return { kind: "busy", until: new Date(known.leaseUntil) };
      const taken = { ...known.mark, owner: mark.owner };
      entries.set(mark.id, { mark: taken, leaseUntil });
      return { kind: "retry", mark: taken };
    },
    answer: async (mark, answer) => {
      if (!holds(mark)) return false;
      entries.set(mark.id, { mark, answer });
      return true;
    },
    release: async (mark) => {
      if (holds(mark)) entries.set(mark.id, { mark, leaseUntil: 0 });
    },
    forget: async (mark) => {
      if (holds(mark)) entries.delete(mark.id);
    },
  };
};
