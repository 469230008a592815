/** Rules for routes and access names. A client of the earlier version must still be served, and owners protected. */
import type { Section } from "../../contract/contract.ts";
import { breaking, compatible, type Rules } from "./rule.ts";

export const httpRules = {
  access: {
    removed: breaking(
      "Tokens with this scope open no route any more. Keep the name until they have expired.",
    ),
    added: compatible,
    facts: {},
  },
  routes: {
    removed: breaking("Clients that call it get 404 or 405. Keep it until none does."),
    added: compatible,
    facts: {
      does: { label: "meaning", changed: breaking("Clients rely on the earlier meaning. Add a new route.") },
      version: {
        label: "stream of its ETag",
        changed: breaking("If-Match with an ETag that a client has kept would compare with another stream."),
      },
      filters: {
        label: "filter",
        gained: compatible,
        lost: breaking("Requests with this query parameter are refused. Keep the index on this route."),
      },
      key: {
        label: "Idempotency-Key",
        gained: breaking("Requests without the header are refused. Ask the clients to send it first."),
        lost: compatible,
      },
      callers: {
        label: "caller",
        // It takes nothing from the earlier callers.
        gained: compatible,
        lost: breaking("Their requests are refused with 403. Make sure that none of them calls the route."),
      },
      owner: {
        label: "owner",
        gained: breaking(
          "Callers that are not the owner get 404. Make sure that none of them needs the route.",
        ),
        lost: breaking(
          "Things that only their owner could see or change are open to every caller of the route.",
        ),
      },
      exempt: {
        label: "exemption from ownership",
        gained: compatible,
        lost: breaking(
          "These callers get 404 for things of others. Make sure that none of them needs the route.",
        ),
      },
    },
  },
} as const satisfies Readonly<Partial<Record<Section, Rules>>>;
