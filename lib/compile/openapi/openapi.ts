/**
 * The HTTP API of an application in OpenAPI 3.1, with the parameters, answers and errors of each route. A request that fits
 * the document is never refused for its shape, except by rules across several fields.
 */
import { type AnyApplication, routesOf } from "../../model/application.ts";
import type { CountsAs, GuardKind } from "../../model/http/guard.ts";
import type { Route } from "../../model/http/route.ts";
import { receipts } from "../../model/message.ts";
import { operationIdOf } from "../../model/validation/made-names.ts";
import { outputSchema, type Schema } from "../schemas/schemas.ts";
import { ofCommand } from "./command.ts";
import {
  correlated,
  correlationId,
  type Operation,
  type Response,
  type Responses,
  type Said,
} from "./operation.ts";
import { callersText, ownerText, refusalsOf } from "./owners.ts";
import { fault, problem, throttledByGateway } from "./problems.ts";
import { ofDocument, ofHistory, ofList, ofQuery, ofRedirect } from "./queries.ts";
import { ofSaga } from "./sagas.ts";
import { type Security, securityBy } from "./security.ts";

export type Described = Pick<AnyApplication, "name" | "version" | "deciders" | "projections" | "routes">;

export type OpenApi = {
  readonly openapi: "3.1.1";
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  };
};

const description = `A command is answered with 202 as soon as its events are stored; read models are updated shortly after.
Errors are problem documents (RFC 9457) with a stable type. API Gateway itself answers 401, 403 and 429 with a message only.`;

const saidOf = (application: Described, route: Route): Said => {
  if ("command" in route) return ofCommand(application, route);
  if ("query" in route) return ofQuery(route);
  if ("list" in route) return ofList(route);
  if ("history" in route) return ofHistory(route);
  if ("redirect" in route) return ofRedirect(route);
  return "sagas" in route ? ofSaga(route) : ofDocument(route);
};

const withCorrelation = ({ headers, ...response }: Response): Response => ({
  ...response,
  headers: { ...headers, ...correlated },
});

/** Endpoint and gateway may answer with the same status, each in its own form. */
const merged = (ours: Responses, theirs: Responses): Responses => {
  const both = Object.entries(theirs).map(([status, { description, content }]): [string, Response] => {
    const own = ours[status];
    if (!own) return [status, { description, content }];
    return [
      status,
      {
        ...own,
        description: `${own.description}; ${description}`,
        content: { ...own.content, ...content },
      },
    ];
  });
  return { ...ours, ...Object.fromEntries(both) };
};

/** Answers of the gateway have no correlation id. */
const operationOf = (application: Described, security: Security, route: Route): Operation => {
  const { summary, description, parameters, requestBody, responses } = saidOf(application, route);
  const text = [description, ownerText(route)].filter((each) => each !== undefined).join(" ");
  const ours = Object.fromEntries(
    Object.entries({ ...refusalsOf(route), ...responses, ...fault }).map(([status, response]) => [
      status,
      withCorrelation(response),
    ]),
  );
  return {
    operationId: operationIdOf(route),
    summary: route.summary ?? summary,
    ...(text !== "" && { description: text }),
    tags: [route.path.split("/")[1] || "/"],
    security: security.of(route),
    parameters: [...parameters, correlationId],
    ...(requestBody && { requestBody }),
    responses: merged(ours, { ...security.refusals(route), ...throttledByGateway }),
  };
};

/** A HEAD request has the same headers as GET, without the body. */
const headOf = (get: Operation): Operation => ({
  ...get,
  operationId: get.operationId.replace(/^get/, "head"),
  summary: `The headers of: ${get.summary}`,
  responses: Object.fromEntries(
    Object.entries(get.responses).map(([status, { content: _, ...response }]) => [status, response]),
  ),
});

type PathItem = Readonly<Record<string, Operation>>;

const itemOf = (application: Described, security: Security, path: string): PathItem => {
  const own: PathItem = Object.fromEntries(
    routesOf(application)
      .filter((route) => route.path === path)
      .map((route) => [route.method.toLowerCase(), operationOf(application, security, route)]),
  );
  return own.get ? { ...own, head: headOf(own.get) } : own;
};

/** The schemas of rows, events and receipts. The prefix before the dot avoids collisions between kinds. */
const schemasOf = ({ deciders, projections }: Described): OpenApi["components"]["schemas"] => ({
  problem,
  ...Object.fromEntries(projections.map(({ name, row }) => [`row.${name}`, outputSchema(row)])),
  ...Object.fromEntries(
    [...deciders.map(({ events }) => events), receipts].flatMap((schemas) =>
      Object.entries(schemas).map(([type, schema]) => [`event.${type}`, outputSchema(schema)]),
    ),
  ),
});

/**
 * `guard` is the authentication of one deployment, and `callers` says what a caller without a token counts as. The default
 * is a document that covers every kind of deployment.
 */
export const toOpenApi = (
  application: Described,
  guard: GuardKind | "any" = "any",
  callers: CountsAs = "exempt",
): OpenApi => {
  const security = securityBy(guard);
  const { name, version = "0.0.0" } = application;
  const paths = [...new Set(routesOf(application).map(({ path }) => path))];
  return {
    openapi: "3.1.1",
    info: {
      title: name,
      version,
      description: [description, callersText(application.routes, guard, callers)]
        .filter((each) => each !== undefined)
        .join("\n"),
    },
    servers: [{ url: "/" }],
    paths: Object.fromEntries(paths.map((path) => [path, itemOf(application, security, path)])),
    components: { schemas: schemasOf(application), securitySchemes: security.schemes },
  };
};
