/**
 * The operations for operators: resume a parked saga; list parked sagas, parked streams and stuck sagas; redrive a
 * stream from the store, in order; republish a stream; list dead letters and redrive them to their handler. Every
 * operation may be repeated.
 */
import type { AnyApplication } from "../../model/application.ts";
import { storedSagaId } from "../../model/named.ts";
import { namesOf, presentNameOf } from "../../model/names/stored-name.ts";
import type { OperationAnswer } from "../../model/operations/answer.ts";
import type { Operation } from "../../model/operations/operation.ts";
import { categoryOf, isStreamId } from "../../model/stream.ts";
import { UnreadableCommit } from "../../ports/event-store.ts";
import type { Instances } from "../../ports/instances.ts";
import type { SagaEngine } from "../../ports/saga-engine.ts";
import { type ProjectPorts, projectStreams } from "../projections/project.ts";
import { type RepublishPorts, republish } from "../publishing/republish.ts";
import { resumer } from "../sagas/resume.ts";
import { loadStream } from "../streams/load-stream.ts";
import { attention } from "./attention.ts";
import { type DeadLetterPorts, deadLetterOperations } from "./dead-letters.ts";

type OperatePorts = ProjectPorts &
  RepublishPorts &
  DeadLetterPorts & { readonly instances: Instances; readonly engine: SagaEngine };

const refused = (because: string): OperationAnswer => ({ kind: "refused", because });

const redriver =
  ({ projections }: Pick<AnyApplication, "projections">, ports: ProjectPorts) =>
  async (request: Extract<Operation, { action: "redrive" }>): Promise<OperationAnswer> => {
    const { store, parked, log } = ports;
    const { projection: name, streamId } = request;
    const named = projections.filter((each) => name === "project" || namesOf(each).includes(name));
    if (named.length === 0) {
      const names = projections.map(presentNameOf).join(", ");
      return refused(`no projection is named ${name}: must be one of ${names}`);
    }
    const followers = named.filter(({ sources }) =>
      sources.some((source) => isStreamId(streamId) && source.name === categoryOf(streamId)),
    );
    if (!isStreamId(streamId) || followers.length === 0)
      return refused(`${name} does not follow ${streamId}`);
    const commits = await loadStream(store, streamId, "strong");
    for (const projection of followers) {
      const result = await projectStreams(projection, ports, new Map([[streamId, commits]]));
      if (result.retry.length > 0) return { kind: "failed" };
      if (result.parked.length > 0) return { kind: "parked-again" };
      await parked.release(projection.name, streamId);
    }
    if (name === "project") await parked.release(name, streamId);
    log.write({ kind: "saga", message: `redrove ${streamId} for ${name}` });
    return { kind: "redriven" };
  };

const republisher =
  (ports: RepublishPorts) =>
  async ({ streamId, after }: Extract<Operation, { action: "republish" }>): Promise<OperationAnswer> => {
    const { parked, log } = ports;
    if (!isStreamId(streamId)) return refused(`${streamId} is not a stream id`);
    const result = await republish(ports)(streamId, after);
    if (result.kind !== "republished") return result;
    await parked.release("relay", streamId);
    log.write({
      kind: "saga",
      message: `republished ${result.events} events of ${streamId} after version ${after}`,
    });
    return result;
  };

export const operator = (
  application: Pick<AnyApplication, "effects" | "sagas" | "projections">,
  ports: OperatePorts,
): ((operation: Operation) => Promise<OperationAnswer>) => {
  const resume = resumer(application, ports);
  const redrive = redriver(application, ports);
  const republishStream = republisher(ports);
  const deadLetterUseCases = deadLetterOperations(application, ports);
  const needing = attention(application, ports);

  const resumeSaga = async (request: Extract<Operation, { action: "resume" }>): Promise<OperationAnswer> => {
    const result = await resume({ ...request, sagaId: storedSagaId(application, request.sagaId) });
    return result.kind === "resumed" ? { kind: "resumed", status: result.status } : refused(result.because);
  };

  const run = async (request: Operation): Promise<OperationAnswer> => {
    switch (request.action) {
      case "resume":
        return resumeSaga(request);
      case "parked":
        return { kind: "parked", streams: await ports.parked.list(), sagas: await needing.parked() };
      case "stuck":
        return { kind: "stuck", ...(await needing.stuck()) };
      case "redrive":
        return redrive(request);
      case "dead-letters":
        return deadLetterUseCases.list(request.handler);
      case "redrive-handler":
        return deadLetterUseCases.redrive(request.handler, request.streamId);
      case "republish":
        return republishStream(request);
    }
  };

  /** The operator must repair the stream first. */
  return (request) =>
    run(request).catch((error: unknown) => {
      if (error instanceof UnreadableCommit) return refused(error.message);
      throw error;
    });
};
