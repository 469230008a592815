/**
 * The process that synthesizes the application for `npm start`. `synthesized.ts` starts it, and it ends afterwards, because
 * the CDK, the bundler and the application need more memory than everything that runs later.
 */
import { contractOf } from "../../lib/compile/compatibility/contract/contract-of.ts";
import { sagaIn, unknownSaga } from "../../lib/deploy/context/keys.ts";
import { guideOf } from "../../lib/deploy/guide.ts";
import { pagesOf } from "../../lib/deploy/pages.ts";
import { projectIn } from "../../lib/deploy/project.ts";
import { synthesize } from "../../lib/deploy/synthesize.ts";
import { namesOf, storedNameOf } from "../../lib/model/names/stored-name.ts";
import { messageOf } from "../command-line.ts";
import { type Answer, urlPlace } from "./synthesized.ts";

const answerTo = async (context: Readonly<Record<string, unknown>>): Promise<Answer> => {
  try {
    const project = await projectIn(process.cwd());
    const { application } = project;
    const names = application.sagas.flatMap(namesOf);
    const [unknown] = Object.keys(context)
      .flatMap((key) => sagaIn(key) ?? [])
      .flatMap((saga) => unknownSaga(saga, names) ?? []);
    if (unknown !== undefined) return { kind: "misused", because: `--saga: ${unknown}` };
    const { assembly, stack } = synthesize(project, { context, validation: false });
    return {
      kind: "synthesized",
      assembly,
      stack,
      sagas: application.sagas.map(storedNameOf),
      contract: contractOf(application),
      pages: pagesOf(application),
      guide: guideOf(project)(urlPlace),
    };
  } catch (error) {
    return { kind: "refused", because: messageOf(error) };
  }
};

process.once("message", async (context: Readonly<Record<string, unknown>>) => {
  const answer = await answerTo(context);
  process.send?.(answer, () => process.disconnect());
});
