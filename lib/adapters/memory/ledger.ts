/** The reference implementation of the ledger of effects. */
import type { SentCommand } from "../../model/message.ts";
import type { Ledger } from "../../ports/ledger.ts";
import { PermanentError } from "../../ports/permanent-error.ts";

type Entry =
  | { readonly state: "claimed"; readonly leaseUntil: number; readonly because?: string }
  | { readonly state: "performed"; readonly command: SentCommand | undefined }
  | { readonly state: "done" };

/** About the limits of a database, so that a test cannot store what the cloud would refuse. */
const bytesMax = { key: 2048, command: 400_000 } as const;

const checkKey = (key: string): void => {
  if (key === "" || !key.isWellFormed() || Buffer.byteLength(key) > bytesMax.key)
    throw new PermanentError(`"${key.slice(0, 20)}…" cannot be the key of an entry`);
};

const checkCommand = (command: SentCommand | undefined): void => {
  const bytes = Buffer.byteLength(JSON.stringify(command) ?? "");
  if (bytes > bytesMax.command)
    throw new PermanentError(`a command has ${bytes} bytes, at most ${bytesMax.command} are allowed`);
};

/** A ledger of effects in memory. */
export const memoryLedger = (): Ledger => {
  const entries = new Map<string, Entry>();

  return {
    claim: async (key, now, leaseSeconds) => {
      checkKey(key);
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
      checkCommand(command);
      if (entries.get(key)?.state === "claimed") entries.set(key, { state: "performed", command });
    },
    done: async (key) => void entries.set(key, { state: "done" }),
  };
};
