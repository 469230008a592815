/**
 * Requests that fit the document but were refused, from the report of schemathesis. Each must have a reason in the list
 * below. To excuse another refusal, add a row and describe it in the document.
 */
import * as z from "zod";
import { isId } from "../../lib/model/http/id.ts";

const base64 = z
  .object({ $base64: z.string() })
  .transform(({ $base64 }) => Buffer.from($base64, "base64").toString());

const interaction = z.object({
  request: z.object({ method: z.string(), uri: z.string(), body: base64.nullish() }),
  response: z.object({ status_code: z.number(), content: base64.nullish() }).nullish(),
});

const aCase = z.object({
  value: z.object({ meta: z.object({ generation: z.object({ mode: z.string() }) }).nullish() }),
});

/** A line of the report. Only the end of a scenario is used. */
const line = z.object({
  ScenarioFinished: z
    .object({
      recorder: z.object({
        cases: z.record(z.string(), aCase).nullish(),
        interactions: z.record(z.string(), interaction).nullish(),
      }),
    })
    .optional(),
});

const problem = z.object({
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).default([]),
});

type Refused = {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
  readonly status: number;
  readonly answer: string;
};

const errorsOf = ({ answer }: Refused) =>
  answer === "" ? [] : (problem.safeParse(JSON.parse(answer)).data?.errors ?? []);

type Excuse = { readonly because: string; readonly applies: (refused: Refused) => boolean };

const severalFields = /^must not repeat an article$|^must have a total that is a safe integer$/;

/** The response to HEAD has no body, so only the request can show the reason. */
export const excuses: readonly Excuse[] = [
  {
    because: "a cursor that is not from an earlier answer, which no schema can express",
    applies: (refused) =>
      refused.url.searchParams.has("next") && errorsOf(refused).every(({ pointer }) => pointer === "/next"),
  },
  {
    because:
      "an id from another field of an answer: the fuzzer sends it even if it does not match the parameter's pattern",
    applies: ({ url }) =>
      url.pathname.split("/").some((part) => part !== "" && !isId(decodeURIComponent(part))),
  },
  {
    because: "a rule over several fields: an article twice, a total that is not a safe integer",
    applies: (refused) =>
      errorsOf(refused).length > 0 && errorsOf(refused).every(({ detail }) => severalFields.test(detail)),
  },
  {
    because: "U+FFFD in a string: it replaces bytes that are not valid UTF-8",
    applies: ({ url, body }) =>
      /%EF%BF%BD/i.test(url.href) || body.includes("\ufffd") || /\\ufffd/i.test(body),
  },
];

const refusedIn = (text: string): readonly Refused[] => {
  const { recorder } = line.parse(JSON.parse(text)).ScenarioFinished ?? {};
  return Object.entries(recorder?.interactions ?? {}).flatMap(([id, { request, response }]) => {
    const isPositive = recorder?.cases?.[id]?.value.meta?.generation.mode === "positive";
    if (!isPositive || !response || ![400, 415].includes(response.status_code)) return [];
    const { method, uri, body } = request;
    const [status, answer] = [response.status_code, response.content ?? ""];
    return [{ method, url: new URL(uri), body: body ?? "", status, answer }];
  });
};

/** One line for each refusal without an excuse. `report` is NDJSON. */
export const unexcused = (report: string): readonly string[] =>
  report
    .split("\n")
    .filter((each) => each !== "")
    .flatMap(refusedIn)
    .filter((refused) => !excuses.some(({ applies }) => applies(refused)))
    .map(({ method, url, body, status, answer }) => `${status} ${method} ${url.href} ${body}\n  ${answer}`);
