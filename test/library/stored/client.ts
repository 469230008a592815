/** Requests to a running library, and conditions to wait for. */
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { ownerOf } from "../../e2e/owner.ts";

const patienceMilliseconds = 300_000;

type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null;

/** Whether each field of `expected` has this value. */
const has = (value: Json, expected: Json): boolean =>
  Object.entries(expected).every(([name, part]) => isDeepStrictEqual(value[name], part));

export const libraryAt = async (url: string) => {
  const get = async (path: string): Promise<Json> => {
    const body: unknown = await (await fetch(`${url}${path}`)).json();
    return isJson(body) ? body : {};
  };
  const answerTo = async (path: string, body: object = {}) => {
    const headers = { "content-type": "application/json", "idempotency-key": randomUUID() };
    const answer = await fetch(`${url}${path}`, { method: "POST", body: JSON.stringify(body), headers });
    return { status: answer.status, retryAfter: answer.headers.get("retry-after") };
  };
  /** The status of the answer. */
  const post = async (path: string, body: object = {}): Promise<number> =>
    (await answerTo(path, body)).status;
  /** Waits until the answer has these fields. */
  const eventually = async (path: string, expected: Json): Promise<Json> => {
    const deadline = performance.now() + patienceMilliseconds;
    for (;;) {
      const answer = await get(path);
      if (has(answer, expected)) return answer;
      if (performance.now() > deadline)
        throw new Error(`${path}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(answer)}`);
      await setTimeout(50);
    }
  };
  const lend = (loanId: string, bookId: string, memberId: string) =>
    post("/loans", { loanId, bookId, memberId });
  const advance = (advanceSeconds: number) => post("/_local/clock", { advanceSeconds });
  return { get, answerTo, post, eventually, lend, advance, owner: await ownerOf(url) };
};

export type Library = Awaited<ReturnType<typeof libraryAt>>;
