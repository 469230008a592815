/** Rules for the parts of an application, except sagas and routes. */
import type { Section } from "../../contract/contract.ts";
import { breaking, compatible, named, type Rules } from "./rule.ts";

const rebuild =
  "The rows must be rebuilt. npm start does it. In a deployment, a row stays as it is until its next event.";

const handler = (kind: string): string =>
  `Its queue may hold messages. Keep it until the queue is empty. If you renamed it, add formerly: ["…"] with its earlier names, so that the ${kind} keeps its queue and does nothing twice.`;

export const partRules = {
  applications: {
    removed: breaking(
      "The name is in the names of the stack and of all its tables, so a new name begins without data. Keep it.",
    ),
    added: compatible,
    facts: {},
  },
  deciders: {
    removed: breaking(
      'Its name begins the ids of its streams, so they are no longer found. Keep it. If you renamed it, add formerly: ["…"] with its earlier names.',
    ),
    added: compatible,
    facts: {
      name: named,
      identifiedBy: {
        label: "identifying field",
        changed: breaking(
          "Clients and running sagas send the earlier field. If its values differ too, their commands reach other streams. Keep it.",
        ),
      },
      rejections: {
        label: "rejection",
        gained: compatible,
        lost: {
          kind: "published",
          advice: "Clients that distinguish this code no longer get it. Tell them.",
        },
      },
    },
  },
  projections: {
    removed: breaking(
      'Its rows are no longer updated. If you renamed it, add formerly: ["…"] with its earlier names, so that it keeps its table.',
    ),
    added: compatible,
    facts: {
      name: named,
      keys: { label: "key", gained: breaking(rebuild), lost: breaking(rebuild) },
      indexes: { label: "index", gained: breaking(rebuild), lost: breaking(rebuild) },
    },
  },
  effects: {
    removed: breaking(handler("effect")),
    added: compatible,
    facts: {
      name: named,
      on: {
        label: "event",
        changed: breaking(
          "Events that wait in its queue are skipped. Add a new effect, and keep this one until its queue is empty.",
        ),
      },
    },
  },
  translators: {
    removed: breaking(handler("translator")),
    added: compatible,
    facts: {
      name: named,
      on: {
        label: "event",
        changed: breaking(
          "The other system may still send the earlier event, and its queue may hold some. Add a new translator, and keep this one until then.",
        ),
      },
      // An event that is delivered twice around the release may lead to both commands.
      sends: { label: "command", changed: compatible },
    },
  },
} as const satisfies Readonly<Partial<Record<Section, Rules>>>;
