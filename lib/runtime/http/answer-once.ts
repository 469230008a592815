/**
 * Gives one answer per Idempotency-Key of a caller. The key is marked before the request is handled, and the mark
 * later stores the answer. The mark is a lease: if its function crashes, a retry handles the request with the
 * command id and the time of the first attempt, and the stream answers a command id once. A request without a key
 * costs nothing.
 */
import type { Clock, NewId, Sleep } from "../../ports/clock.ts";
import type { HttpRequest } from "../../ports/http.ts";
import type { FirstAttempt, IdempotencyKeys, Mark } from "../../ports/idempotency-keys.ts";
import { problemReply, type Reply } from "./endpoint.ts";
import { fingerprintOf, markIdOf } from "./idempotency-key.ts";

/**
 * - decided: the answer is final and is stored.
 * - undecided: nothing was decided and nothing is stored. The key can be used again.
 * - unsure: the command may be stored. The same request may be retried at once; a different request is refused.
 */
export type Outcome = "decided" | "undecided" | "unsure";

type Attempted = { readonly reply: Reply; readonly outcome: Outcome };

/** Handles the request. If there was an earlier attempt, it uses the command id and the time of that attempt. */
type Attempt = (earlier: FirstAttempt | undefined) => Promise<Attempted>;

export type AnswerOncePorts = {
  readonly keys: IdempotencyKeys;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly newId: NewId;
};

/** A request as parsed by the endpoint. */
type Asked = {
  readonly request: HttpRequest;
  readonly idempotencyKey: string | undefined;
  readonly body: unknown;
  /** If this is the first attempt, the data that a retry needs. */
  readonly first: FirstAttempt;
};

type AnswerOnce = (asked: Asked, attempt: Attempt) => Promise<Reply>;

/** Longer than an endpoint's function may run, so that two attempts of one request never run at the same time. */
export const leaseSeconds = 16;

const keptSeconds = 24 * 3600;

/** 5 seconds in total. */
export const waitsMilliseconds: readonly number[] = [25, 50, 100, 200, 400, 725, 875, 875, 875, 875];

/** A larger answer is not stored: a retry of the request is decided again. */
const answerCharactersMax = 100_000;

export const answerOnce = ({ keys, clock, sleep, newId }: AnswerOncePorts): AnswerOnce => {
  const conclude = async (mark: Mark, { reply, outcome }: Attempted): Promise<Reply | undefined> => {
    const isTooLarge = reply.response.body.length > answerCharactersMax;
    if (outcome === "decided" && !isTooLarge)
      return (await keys.answer(mark, reply.response)) ? reply : undefined;
    await (outcome === "undecided" ? keys.forget(mark) : keys.release(mark));
    return reply;
  };

  /** Returns undefined if another attempt has taken over the lease. */
  const run = async (mark: Mark, attempt: () => Promise<Attempted>): Promise<Reply | undefined> => {
    try {
      return await conclude(mark, await attempt());
    } catch (error) {
      // If this fails too, the lease expires.
      await Promise.allSettled([keys.release(mark)]);
      throw error;
    }
  };

  const busy = (until: Date): Reply => {
    const seconds = Math.max(1, Math.ceil((until.getTime() - clock().getTime()) / 1000));
    const detail = "send the same request again after Retry-After to get the answer of the first request";
    return problemReply({ kind: "key-busy", detail, headers: { "retry-after": `${seconds}` } });
  };

  return async ({ request, idempotencyKey, body, first }, attempt) => {
    if (idempotencyKey === undefined) return (await attempt(undefined)).reply;
    const id = markIdOf(request, idempotencyKey);
    const asked = { id, fingerprint: fingerprintOf(request, body), owner: newId(), first };
    for (let waits = 0; ; waits += 1) {
      const now = clock();
      const expires = new Date(now.getTime() + keptSeconds * 1000);
      const begun = await keys.begin({ ...asked, expires }, now, leaseSeconds);
      if (begun.kind === "other")
        return problemReply({
          kind: "key-reused",
          detail: "use a new Idempotency-Key for a different request",
        });
      if (begun.kind === "answered") return { response: begun.answer, about: "answered before" };
      if (begun.kind !== "busy") {
        const { kind, mark } = begun;
        const reply = await run(mark, () => attempt(kind === "retry" ? mark.first : undefined));
        if (reply) return reply;
      }
      const wait = waitsMilliseconds[waits];
      if (wait === undefined) return busy(begun.kind === "busy" ? begun.until : now);
      await sleep(wait);
    }
  };
};
