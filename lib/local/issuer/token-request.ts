/** The body of a request for a token. */
import * as z from "zod";

const secondsMax = 10 * 365 * 24 * 3600;

const schema = z.strictObject({
  subject: z.string("expected a text").min(1, "expected a text that is not empty"),
  scopes: z.array(
    z.string("expected a scope").regex(/^[!#-[\]-~]+$/, "expected one scope, in ASCII and without blanks"),
    "expected a list of scopes",
  ),
  expiresIn: z
    .int("expected a whole number of seconds")
    .min(1, "expected at least 1 second")
    .max(secondsMax, `expected at most ${secondsMax} seconds`)
    .default(3600),
  audience: z.string("expected a text").min(1, "expected a text that is not empty").optional(),
  issuer: z.string("expected a text").min(1, "expected a text that is not empty").optional(),
});

type TokenRequest = z.output<typeof schema>;

const expected =
  'expected {"subject": "ada", "scopes": ["read"]}, and optionally "expiresIn" in seconds, "audience" and "issuer"';

const reasonFor = (issue: z.core.$ZodIssue): string => {
  if (issue.code === "unrecognized_keys") return `unknown field ${issue.keys.join(", ")}`;
  return issue.path.length === 0 ? "the body is not an object" : `${issue.path.join(".")}: ${issue.message}`;
};

type Parsed =
  | { readonly kind: "request"; readonly request: TokenRequest }
  | { readonly kind: "refused"; readonly because: string };

export const tokenRequestIn = (body: unknown): Parsed => {
  const { data: request, error } = schema.safeParse(body);
  if (request) return { kind: "request", request };
  return { kind: "refused", because: `${error?.issues.map(reasonFor).join("; ")}. ${expected}` };
};
