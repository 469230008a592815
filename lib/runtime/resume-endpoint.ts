/** Decisions of operators over HTTP: a parked saga goes on, recorded with who said so. */
import { createHash } from "node:crypto";
import * as z from "zod";
import type { Application } from "../model/application.ts";
import type { NewId } from "../ports/clock.ts";
import type { HttpRequest } from "../ports/http.ts";
import { idempotencyKeyPattern } from "./command-request.ts";
import { type Endpoint, endpoint, problemReply, type Reply } from "./endpoint.ts";
import { isProblem, jsonResponse, type Problem } from "./problem.ts";
import { notFound, parameterFaults } from "./request.ts";
import { bodyOf, faultsOf } from "./request-body.ts";
import { type ResumePorts, type ResumeRequest, type ResumeResult, resumer } from "./resume.ts";

/** `retry` sends what parked the saga once more, `skip` takes it for done. */
export const resumeBody = z.strictObject({ action: z.enum(["retry", "skip"]) });

/** The same for every repetition of a request that has a key. */
const requestIdOf = ({ headers, actor, path }: HttpRequest, newId: NewId): string | Problem => {
  const key = headers["idempotency-key"];
  if (key === undefined) return `http/${newId()}`;
  if (!idempotencyKeyPattern.test(key))
    return { kind: "header", detail: "Idempotency-Key is 1 to 255 visible ASCII characters" };
  const parts = JSON.stringify([actor ?? "", `POST ${path}`, key]);
  return `http/${createHash("sha256").update(parts).digest("hex")}`;
};

const requestOf = (request: HttpRequest, newId: NewId): ResumeRequest | Problem => {
  const { parameters, actor } = request;
  const unfit = parameterFaults(parameters);
  if (unfit) return unfit;
  const requestId = requestIdOf(request, newId);
  if (typeof requestId === "object") return requestId;
  const body = bodyOf(request);
  if (isProblem(body)) return body;
  const { data, error } = resumeBody.safeParse(body.object);
  if (error) return { kind: "schema", errors: faultsOf(error) };
  const { saga = "", id = "" } = parameters;
  return { sagaId: `${saga}/${id}`, how: data.action, actor, requestId };
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

export const resumeEndpoint = (
  application: Pick<Application<never>, "routes" | "sagas">,
  ports: ResumePorts & { readonly newId: NewId },
): Endpoint => {
  const { newId, log } = ports;
  const resume = resumer(application, ports);
  const isRoute = ({ method, route }: HttpRequest): boolean =>
    application.routes.some(
      (each) => "sagas" in each && each.sagas === "resume" && each.method === method && each.path === route,
    );

  return endpoint({ newId, log }, async (request) => {
    if (!isRoute(request)) return problemReply(notFound(application, request));
    const asked = requestOf(request, newId);
    return isProblem(asked) ? problemReply(asked) : replyTo(asked, await resume(asked));
  });
};
