/** What needs attention on this machine, from the function of operators. */
import type { About } from "../../../lib/local/server/host-pages.ts";
import type { Cloud } from "../../../lib/local/service/service.ts";
import { operationAnswer } from "../../../lib/model/operations/answer.ts";
import type { Operation } from "../../../lib/model/operations/operation.ts";

type Concerns = Awaited<ReturnType<About["concerns"]>>;

/** To show what another operation lists, add a row. */
const operations: readonly Operation[] = [
  { action: "parked" },
  { action: "stuck" },
  { action: "dead-letters" },
];

/** Of each kind; the command that helps lists all of them. */
const shownMax = 20;

const operate = "npx eventfold operate";

const atStep = (step: string | undefined): string => (step === undefined ? "" : ` at step ${step}`);

const inAnswer = (answer: unknown): Concerns => {
  const given = operationAnswer.parse(answer);
  switch (given.kind) {
    case "parked":
      return [
        ...given.sagas.map(({ saga, id, step, reasonCode = "", reason = "" }) => ({
          what: `Saga ${saga}/${id} is parked${atStep(step)}`,
          why: `${reasonCode}: ${reason}`,
          help: `${operate} resume ${saga}/${id} --how retry`,
        })),
        ...given.streams.map(({ consumer, streamId, version, error }) => ({
          what: `Stream ${streamId} is parked for ${consumer} at version ${version}`,
          why: error,
          help: `${operate} parked`,
        })),
      ];
    case "stuck":
      return [
        ...given.sagas.map(({ saga, id, step, lastError }) => ({
          what: `Saga ${saga}/${id} is stuck${atStep(step)}`,
          why: lastError?.because ?? "The log of its function may say why.",
          help: `${operate} stuck`,
        })),
        ...given.removed.map(({ saga, id }) => ({
          what: `Saga ${saga}/${id} waits, but the application has no saga ${saga}`,
          why: "The definition was removed before all instances ended.",
          help: `${operate} stuck`,
        })),
      ];
    case "dead-letters":
      return given.letters.map(({ handler, eventType, streamId = "", because }) => ({
        what: `${handler} has a dead letter${eventType === undefined ? "" : `: ${eventType} ${streamId}`}`,
        why: because ?? "The log of its function may say why.",
        help: `${operate} redrive ${handler}`,
      }));
    default:
      throw new Error(`the function of operators gave another answer: ${given.kind}`);
  }
};

/** None without a function of operators. Rejects if the function fails. */
export const concerns = async ({
  resources,
  invoke,
}: Pick<Cloud, "resources" | "invoke">): Promise<Concerns> => {
  const operator = resources.find(
    ({ type, id }) => type === "AWS::Lambda::Function" && id.startsWith("AppOperate"),
  );
  if (!operator) return [];
  const answers = await Promise.all(
    operations.map(async (operation) => {
      const { payload, functionError } = await invoke(
        { kind: "owner" },
        operator.arn,
        JSON.stringify(operation),
      );
      if (functionError !== undefined)
        throw new Error(`the function of operators failed: ${JSON.stringify(payload)}`);
      return inAnswer(payload).slice(0, shownMax);
    }),
  );
  return answers.flat();
};
