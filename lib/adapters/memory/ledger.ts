/** The reference of the ledger of effects. */
import type { SentCommand } from "../../model/message.ts";
import type { Ledger } from "../../ports/ledger.ts";

type Entry =
  | { readonly state: "claimed"; readonly leaseUntil: number; readonly because?: string }
  | { readonly state: "performed"; readonly command: SentCommand | undefined }
  | { readonly state: "done" };

export const memoryLedger = (): Ledger => {
  const entries = new Map<string, Entry>();

  return {
    claim: async (key, now, leaseSeconds) => {
      const entry = entries.get(key);
      if (entry?.state === "done") return { kind: "done" };
      if (entry?.state === "performed") return { kind: "performed", command: entry.command };
      if (entry && entry.leaseUntil > now.getTime()) return { kind: "busy" };
      entries.set(key, { ...entry, state: "claimed", leaseUntil: now.getTime() + leaseSeconds * 1000 });
      return { kind: "claimed" };
    },
    release: async (key, because) => {
      if (entries.get(key)?.state === "claimed")
        entries.set(key, { state: "claimed", leaseUntil: 0, because });
    },
    why: async (key) => {
      const entry = entries.get(key);
      return entry?.state === "claimed" ? entry.because : undefined;
    },
    performed: async (key, command) => {
      if (entries.get(key)?.state === "claimed") entries.set(key, { state: "performed", command });
    },
    done: async (key) => void entries.set(key, { state: "done" }),
  };
};
