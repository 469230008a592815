/** Decisions of operators over HTTP: a parked saga continues, and the decision is recorded with its author. */
import { createHash } from "node:crypto";
import * as z from "zod";
import type { AnyApplication } from "../../model/application.ts";
import { wording } from "../../model/json/wording.ts";
import { storedSagaId } from "../../model/named.ts";
import type { NewId } from "../../ports/clock.ts";
import type { HttpRequest } from "../../ports/http.ts";
import { type ResumePorts, type ResumeRequest, type ResumeResult, resumer } from "../sagas/resume.ts";
import { type AnswerOncePorts, answerOnce, type Outcome } from "./answer-once.ts";
import { type Endpoint, endpoint, problemReply, type Reply } from "./endpoint.ts";
import { idempotencyKeyOf } from "./idempotency-key.ts";
import { isProblem, jsonResponse, type Problem } from "./problem.ts";
import { notFound, parameterFaults } from "./request.ts";
import { bodyOf, faultsOf } from "./request-body.ts";

/** `retry` sends the command that parked the saga again. `skip` treats it as done. */
const resumeBody = z.strictObject({ action: z.enum(["retry", "skip"]) });

type Asked = {
  readonly resume: ResumeRequest & { readonly requestId: string };
  readonly idempotencyKey: string | undefined;
};

/** A repeated request with the same key gets the same id. */
const requestIdOf = ({ actor, path }: HttpRequest, key: string | undefined, newId: NewId): string => {
  if (key === undefined) return `http/${newId()}`;
  const parts = JSON.stringify([actor ?? "", `POST ${path}`, key]);
  return `http/${createHash("sha256").update(parts).digest("hex")}`;
};

const requestOf = (request: HttpRequest, newId: NewId): Asked | Problem => {
  const { parameters, actor } = request;
  const unfit = parameterFaults(parameters);
  if (unfit) return unfit;
  const idempotencyKey = idempotencyKeyOf(request);
  if (typeof idempotencyKey === "object") return idempotencyKey;
  const requestId = requestIdOf(request, idempotencyKey, newId);
  const body = bodyOf(request);
  if (isProblem(body)) return body;
  const { data, error } = resumeBody.safeParse(body.object, wording);
  if (error) return { kind: "schema", errors: faultsOf(error) };
  const { saga = "", id = "" } = parameters;
  return { resume: { sagaId: `${saga}/${id}`, how: data.action, actor, requestId }, idempotencyKey };
};

const problemOf = ({ kind, because }: Exclude<ResumeResult, { readonly kind: "resumed" }>): Problem =>
  kind === "unknown" ? { kind: "not-found", detail: because } : { kind, detail: because };

const replyTo = ({ sagaId, how }: ResumeRequest, result: ResumeResult): Reply => {
  if (result.kind !== "resumed") return problemReply(problemOf(result));
  const [saga, id] = sagaId.split("/");
  const { status, correlationId } = result;
  return {
    response: jsonResponse(202, { saga, id, action: how, status, correlationId }),
    about: `${sagaId} ${how}`,
  };
};

/** What each result means for the Idempotency-Key of the request. */
const outcomes: Readonly<Record<ResumeResult["kind"], Outcome>> = {
  resumed: "decided",
  "not-parked": "decided",
  unknown: "decided",
  // Other streams of the same saga may already be resumed by then.
  unreadable: "unsure",
};

export const resumeEndpoint = (
  application: Pick<AnyApplication, "routes" | "sagas">,
  ports: ResumePorts & AnswerOncePorts,
): Endpoint => {
  const { newId, clock, log } = ports;
  const resume = resumer(application, ports);
  const once = answerOnce(ports);
  const isRoute = ({ method, route }: HttpRequest): boolean =>
    application.routes.some(
      (each) => "sagas" in each && each.sagas === "resume" && each.method === method && each.path === route,
    );

  return endpoint({ newId, clock, log }, async (request) => {
    if (!isRoute(request)) return problemReply(notFound(application, request));
    const asked = requestOf(request, newId);
    if (isProblem(asked)) return problemReply(asked);
    const { idempotencyKey } = asked;
    const own = { ...asked.resume, sagaId: storedSagaId(application, asked.resume.sagaId) };
    const { requestId, how, actor } = own;
    const first = { commandId: requestId, issuedAt: clock().toISOString(), actor };
    return once({ request, idempotencyKey, body: { action: how }, first }, async (earlier) => {
      const same = earlier ? { ...own, requestId: earlier.commandId, actor: earlier.actor } : own;
      const result = await resume(same);
      return { reply: replyTo(same, result), outcome: outcomes[result.kind] };
    });
  });
};
