/** Rules for sagas and their steps. Instances that are under way continue with the new definition. */
import type { Section } from "../../contract/contract.ts";
import { breaking, compatible, named, type Rules } from "./rule.ts";

const newSaga =
  "Instances under way began with the earlier definition. Give the changed definition a new name, and keep this one until its instances have ended.";

const decided =
  "The history of instances under way may hold the earlier command or event, which then no longer decides the step. Keep it, or wait until no instance has this step before it.";

const fanned =
  "An instance under way has sent its commands as the earlier definition says. Its step may then send more of them, or wait for fewer. Wait until no instance has begun the step.";

export const sagaRules = {
  sagas: {
    removed: breaking(
      'Its running instances would wait forever. Keep its definition until they have ended. If you renamed it, add formerly: ["…"] with its earlier names.',
    ),
    added: compatible,
    facts: {
      name: named,
      startsOn: { label: "start", changed: breaking(newSaga) },
      order: { label: "order of the steps", reordered: breaking(newSaga) },
      completes: { label: "last command", changed: breaking(decided) },
      completesSeveral: { label: "several last commands", changed: breaking(fanned) },
      abandons: { label: "command after compensation", changed: breaking(decided) },
      abandonsSeveral: { label: "several commands after compensation", changed: breaking(fanned) },
    },
  },
  steps: {
    removed: breaking(
      'An instance that waits in it cannot continue. Remove it once no instance has begun it. If you renamed it, add formerly: ["…"] with its earlier names.',
    ),
    added: breaking(
      "Instances that have passed its place run it late or not at all, depending on the engine. If each of them must run it, give the changed saga a new name, and keep this one until its instances have ended.",
    ),
    facts: {
      name: named,
      sends: { label: "command", changed: breaking(decided) },
      several: { label: "several commands", changed: breaking(fanned) },
      succeeds: { label: "event of success", gained: compatible, lost: breaking(decided) },
      fails: { label: "event of failure", gained: compatible, lost: breaking(decided) },
      waits: {
        label: "waiting",
        // By default, a saga in which no step waits is a choreography, and each other one a state machine.
        changed: breaking(
          "The engine may change with it, and executions of the earlier state machine end. Wait until no instance is under way.",
        ),
      },
      // A deadline that is set stays, so only commands that are sent later get the new timeout.
      timeoutSeconds: { label: "timeout in seconds", changed: compatible },
      conditional: {
        label: "condition (onlyIf)",
        changed: breaking(
          "Instances that have passed the step would skip its undo, or run it late. Wait until none is under way.",
        ),
      },
      pivot: {
        label: "pivot",
        changed: breaking(
          "It decides whether an instance that fails goes forward or back, also for instances under way. Wait until none is under way.",
        ),
      },
      undo: {
        label: "undo",
        gained: compatible,
        lost: breaking(
          "Instances that have done the step and fail later no longer undo it. Keep it until they have ended.",
        ),
      },
      undoSeveral: { label: "several commands of the undo", changed: breaking(fanned) },
    },
  },
} as const satisfies Readonly<Partial<Record<Section, Rules>>>;
