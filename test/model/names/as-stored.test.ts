/** An application whose parts were renamed is deployed and run with the first name of each part. */
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { AnyApplication } from "../../../lib/model/application.ts";
import type { AnyDecider } from "../../../lib/model/decider.ts";
import { currentEvents } from "../../../lib/model/events/current.ts";
import { fact } from "../../../lib/model/http/fact.ts";
import { asStored, storedSaga } from "../../../lib/model/names/as-stored.ts";
import { findByName, namesOf, presentNameOf, storedNameOf } from "../../../lib/model/names/stored-name.ts";
import { command, event } from "../../../lib/model/reference.ts";
import { recorded } from "../../../lib/testing/recorded.ts";
import { application as library } from "../../library/lib/application.ts";
import { newName, renamed } from "./renamed.ts";

const twice = { name: "c", formerly: ["a", "b"] };

describe("a part that was renamed twice", () => {
  test("keeps its first name", () => {
    expect(storedNameOf(twice)).toBe("a");
    expect(presentNameOf(twice)).toBe("c");
  });

  test("has all its names, the present one last", () => {
    expect(namesOf(twice)).toEqual(["a", "b", "c"]);
  });

  test.each(["a", "b", "c"])("is found as %s", (name) => {
    expect(findByName([{ name: "d" }, twice], name)).toBe(twice);
  });

  test("is not found under a name that it never had", () => {
    expect(findByName([twice], "d")).toBeUndefined();
  });
});

/** Every part of an application that has a name. */
const partsOf = ({
  deciders,
  projections,
  effects,
  sagas,
  translators = [],
  routes,
}: AnyApplication<never>) => [
  ...deciders,
  ...projections,
  ...projections.flatMap(({ sources }) => sources),
  ...effects,
  ...sagas,
  ...sagas.flatMap(({ steps }) => steps),
  ...translators,
  ...routes.flatMap((route) => {
    if ("query" in route) return [route.query, route.versionOf];
    if ("list" in route) return [route.list];
    return "history" in route ? [route.history] : [];
  }),
];

const withHistory: typeof library = {
  ...library,
  routes: [
    ...library.routes,
    ...library.deciders.map((history) => ({
      method: "GET" as const,
      path: `/${history.name}/{id}/events` as const,
      access: "librarian" as const,
      owner: "none" as const,
      history,
    })),
  ],
};

const present = renamed(withHistory);
const stored = asStored(present);

describe("an application with its stored names", () => {
  test("is the same object if no part was renamed", () => {
    expect(asStored(library)).toBe(library);
    for (const saga of library.sagas) expect(storedSaga(saga)).toBe(saga);
  });

  test("has the first name of every part", () => {
    const names = partsOf(withHistory).map(({ name }) => name);
    expect(partsOf(present).map(({ name }) => name)).toEqual(names.map(newName));
    expect(partsOf(stored).map(({ name }) => name)).toEqual(names);
  });

  test("is found by the present name too", () => {
    expect(findByName(stored.sagas, "newlending")?.name).toBe("lending");
    expect(presentNameOf(stored.projections[0] ?? { name: "" })).toBe("newbook-copies");
  });

  test("has the first names after several renames", () => {
    const again = asStored(renamed(renamed(present)));
    expect(partsOf(again).map(({ name }) => name)).toEqual(partsOf(withHistory).map(({ name }) => name));
    expect(presentNameOf(again.sagas[0] ?? { name: "" })).toBe("newnewnewlending");
  });

  test("does not change if it is converted again", () => {
    expect(asStored(stored)).toBe(stored);
  });

  test("has the same object wherever a decider or a projection is named", () => {
    const { deciders, projections, routes } = stored;
    for (const { sources } of projections) for (const source of sources) expect(deciders).toContain(source);
    for (const route of routes) {
      if ("query" in route) expect(projections).toContain(route.query);
      if ("query" in route) expect(deciders).toContain(route.versionOf);
      if ("list" in route) expect(projections).toContain(route.list);
      if ("history" in route) expect(deciders).toContain(route.history);
    }
  });

  test("has no list of translators if the application has none", () => {
    const { translators: _, ...without } = present;
    expect(asStored(without)).not.toHaveProperty("translators");
  });

  test("is converted if only a step was renamed", () => {
    const [first] = library.sagas;
    if (!first) throw new Error("expected a saga");
    const steps = first.steps.map((step) => ({ ...step, name: newName(step.name), formerly: [step.name] }));
    const [saga] = asStored({ ...library, sagas: [{ ...first, steps }] }).sagas;
    expect(saga?.steps.map(({ name }) => name)).toEqual(first.steps.map(({ name }) => name));
  });
});

describe("what is made from a renamed decider", () => {
  const data = z.object({ id: z.string() });
  const job = {
    name: "job",
    formerly: ["task", "work"],
    identifiedBy: "id",
    commands: { AddJob: data },
    events: { JobAdded: data },
    initialState: null,
  } satisfies Partial<AnyDecider>;

  test("is a reference to its streams, with the present name for documents", () => {
    expect(event(job, "JobAdded")).toMatchObject({ decider: "job", category: "task" });
    expect({ ...command(job, "AddJob") }).toMatchObject({ decider: "job", category: "task" });
    expect(fact(job, () => undefined)).toMatchObject({ category: "task" });
  });

  test("is read from the streams with the first name", () => {
    const [stored] = recorded(job, [{ type: "JobAdded", data: { id: "1" } }]);
    if (!stored) throw new Error("expected an event");
    const decider = { ...job, rejections: [], decide: {}, evolve: {} };
    expect(currentEvents([decider])(stored)).toEqual([stored]);
  });

  test("is a command to the stream with the first name", () => {
    expect(command(job, "AddJob")({ id: "1" })).toMatchObject({ streamId: "task-1" });
  });
});
