/** The library with one loan, and the people who ask for it. */
import { lending, library, request } from "../model/lending.ts";
import type { Delivery } from "./delivery.ts";
import type { MakeEngine } from "./engines.ts";
import { world } from "./world.ts";

export const libraryWorld = (makeEngine: MakeEngine, delivery: Delivery) => {
  const desk = world(library, {}, makeEngine, delivery);

  /** These requests one after the other, and then what follows from them within minutes. */
  const ask = async (...types: readonly Parameters<typeof request>[0][]) => {
    for (const type of types) await desk.request(request(type));
    await desk.pass(600);
  };
  const resume = async (how: "retry" | "skip") => {
    const result = await desk.operate({ action: "resume", sagaId: "lending/1", how });
    await desk.pass(600);
    return result;
  };
  const count = async (...types: readonly string[]) =>
    (await desk.events("loan-1")).filter(({ type }) => types.includes(type)).length;
  return { ...desk, ask, resume, count, status: () => desk.statusOf(lending, "1") };
};

export type Library = ReturnType<typeof libraryWorld>;
