/** The library with one loan, and the people who ask for it. */
import { lending, library, request } from "../model/lending.ts";
import type { Delivery } from "./delivery.ts";
import type { MakeEngine } from "./engines.ts";
import { world } from "./world.ts";

export const libraryWorld = (makeEngine: MakeEngine, delivery: Delivery) => {
  const fixture = world(library, {}, makeEngine, delivery);

  /** These requests one after the other, and then what follows from them within minutes. */
  const ask = async (...types: readonly Parameters<typeof request>[0][]) => {
    for (const type of types) await fixture.request(request(type));
    await fixture.pass(600);
  };
  const resume = async (how: "retry" | "skip") => {
    const result = await fixture.operate({ action: "resume", sagaId: "lending/1", how });
    await fixture.pass(600);
    return result;
  };
  const count = async (...types: readonly string[]) =>
    (await fixture.events("loan-1")).filter(({ type }) => types.includes(type)).length;
  return { ...fixture, ask, resume, count, status: () => fixture.statusOf(lending, "1") };
};

export type Library = ReturnType<typeof libraryWorld>;
