/**
 * Invocations of type Event. An event is accepted when it is in the journal, so that a kill -9 loses none. If the
 * function fails, it is retried after one minute and after two more, as on Lambda.
 */
import { uniqueId } from "../machine/random.ts";
import type { Cloud } from "../service/service.ts";
import type { Answer } from "./environments/answer.ts";

type Pending = { readonly functionArn: string; readonly payload: string; readonly failures: number };

type Asynchronous = {
  readonly accept: (functionArn: string, payload: string) => void;
  /** Continues with events that an earlier process accepted and did not finish. */
  readonly resume: () => void;
};

const retryMilliseconds = [60_000, 120_000];

export const asynchronous = (
  cloud: Cloud,
  run: (functionArn: string, payload: string) => Promise<Answer>,
): Asynchronous => {
  const pending = cloud.journal.map<Pending>("invocations");

  const fail = (id: string, task: Pending) => {
    const wait = retryMilliseconds[task.failures];
    if (wait === undefined) {
      pending.delete(id);
      const message = `dropped an event after ${task.failures + 1} failed attempts`;
      return cloud.report({ source: task.functionArn, level: "problem", message });
    }
    pending.set(id, { ...task, failures: task.failures + 1 });
    cloud.clock.at(cloud.clock.now() + wait, () => void perform(id));
  };

  const perform = async (id: string) => {
    const task = pending.get(id);
    if (!task) return;
    const isDone = await run(task.functionArn, task.payload).then(
      ({ functionError }) => functionError === undefined,
      () => false,
    );
    if (isDone) pending.delete(id);
    else fail(id, task);
  };

  return {
    accept: (functionArn, payload) => {
      const id = uniqueId();
      pending.set(id, { functionArn, payload, failures: 0 });
      void perform(id);
    },
    resume: () => {
      for (const [id] of pending.entries()) void perform(id);
    },
  };
};
