/** The reference implementation of the inbox of foreign events. */
import { type Inbox, rememberedSeconds } from "../../ports/inbox.ts";

type Entry = { readonly hash: string; readonly state: "received" | "done"; readonly expires: number };

/** An inbox in memory. */
export const memoryInbox = (): Inbox => {
  const entries = new Map<string, Entry>();
  const expiresAt = (now: Date) => now.getTime() + rememberedSeconds * 1000;

  return {
    receive: async ({ key, hash }, now) => {
      const found = entries.get(key);
      if (!found || found.expires <= now.getTime()) {
        entries.set(key, { hash, state: "received", expires: expiresAt(now) });
        return "new";
      }
      if (found.hash !== hash) return "reused";
      return found.state === "done" ? "done" : "open";
    },
    withdraw: async ({ key }) => void entries.delete(key),
    done: async ({ key, hash }, now) => {
      entries.set(key, { hash, state: "done", expires: expiresAt(now) });
    },
  };
};
