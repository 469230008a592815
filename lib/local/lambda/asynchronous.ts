/**
 * Invocations of type Event: accepted once they are in the journal, so that a kill -9 loses none, then run, and
 * run again a minute and two minutes after a failure, as Lambda does.
 */
import { uniqueId } from "../machine/random.ts";
import type { Cloud } from "../service/service.ts";
import type { Answer } from "./environments/answer.ts";

type Pending = { readonly functionArn: string; readonly payload: string; readonly failures: number };

type Asynchronous = {
  readonly accept: (functionArn: string, payload: string) => void;
  /** Takes up what a former process accepted and did not end. */
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
      const message = `an event is given up after ${task.failures + 1} attempts`;
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
