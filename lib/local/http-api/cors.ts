/**
 * CORS headers, which API Gateway adds to all answers of an HTTP API. CORS headers of the function are dropped. A
 * preflight request goes to the route that matches OPTIONS, which includes `$default`. The gateway itself answers it
 * only if there is no such route.
 */
import type { IncomingMessage } from "node:http";
import * as z from "zod";
import type { Reply } from "./reply.ts";

const method = z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "*"]);

export const corsSchema = z
  .strictObject({
    AllowOrigins: z.array(z.string()).default([]),
    AllowMethods: z.array(method).default([]),
    AllowHeaders: z.array(z.string()).default([]),
    ExposeHeaders: z.array(z.string()).default([]),
    MaxAge: z.number().min(-1).max(86_400).optional(),
    AllowCredentials: z.boolean().default(false),
  })
  .refine(
    ({ AllowCredentials, AllowOrigins }) => !AllowCredentials || !AllowOrigins.includes("*"),
    "allow-credentials is not supported if 'allow-origin' is *",
  );

export type Cors = z.output<typeof corsSchema>;

/** `https://*` matches every origin with that beginning. */
const allows = ({ AllowOrigins }: Cors, origin: string): boolean =>
  AllowOrigins.some((each) => (each.endsWith("*") ? origin.startsWith(each.slice(0, -1)) : each === origin));

const isPreflight = ({ method, headers }: IncomingMessage): boolean =>
  method === "OPTIONS" && headers["access-control-request-method"] !== undefined;

const listed = (name: string, values: readonly string[]): Reply["headers"] =>
  values.length === 0 ? {} : { [name]: values.join(",") };

const headersFor = (cors: Cors, incoming: IncomingMessage): Reply["headers"] => {
  const { origin } = incoming.headers;
  if (origin === undefined || !allows(cors, origin)) return {};
  const { AllowOrigins, AllowCredentials, AllowMethods, AllowHeaders, ExposeHeaders, MaxAge } = cors;
  return {
    "access-control-allow-origin": AllowOrigins.includes("*") ? "*" : origin,
    ...(AllowCredentials && { "access-control-allow-credentials": "true" }),
    ...(isPreflight(incoming)
      ? {
          ...listed("access-control-allow-methods", AllowMethods),
          ...listed("access-control-allow-headers", AllowHeaders),
          ...(MaxAge !== undefined && { "access-control-max-age": `${MaxAge}` }),
        }
      : listed("access-control-expose-headers", ExposeHeaders)),
  };
};

export const withCors = (cors: Cors | undefined, incoming: IncomingMessage, reply: Reply): Reply => {
  if (!cors) return reply;
  const own = Object.entries(reply.headers).filter(([name]) => !name.startsWith("access-control-"));
  return { ...reply, headers: { ...Object.fromEntries(own), ...headersFor(cors, incoming) } };
};
