/**
 * A library runs, then each of its parts is renamed, and it goes on with the same data: streams, read models, ledger,
 * inbox and instances of sagas.
 */
import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { activity } from "../../lib/adapters/in-process/activity.ts";
import { inProcessBus } from "../../lib/adapters/in-process/bus.ts";
import { changeStream } from "../../lib/adapters/in-process/change-stream.ts";
import { memoryDeadlines } from "../../lib/adapters/memory/deadlines.ts";
import { memoryEventStore } from "../../lib/adapters/memory/event-store.ts";
import { memoryInbox } from "../../lib/adapters/memory/inbox.ts";
import { memoryInstances } from "../../lib/adapters/memory/instances.ts";
import { memoryLedger } from "../../lib/adapters/memory/ledger.ts";
import { memoryLog } from "../../lib/adapters/memory/log.ts";
import { memoryParked } from "../../lib/adapters/memory/parked.ts";
import { memoryReadModels } from "../../lib/adapters/memory/read-models.ts";
import type { AnyApplication } from "../../lib/model/application.ts";
import type { Command } from "../../lib/model/message.ts";
import { asStored } from "../../lib/model/names/as-stored.ts";
import type { Deadline } from "../../lib/ports/deadlines.ts";
import { queryEndpoint } from "../../lib/runtime/http/queries/query-endpoint.ts";
import { oneProcess } from "../../lib/runtime/one-process.ts";
import { projector } from "../../lib/runtime/projections/project.ts";
import { asTheyCome } from "../../lib/runtime/publishing/stream-order.ts";
import { recordedEvents } from "../../lib/runtime/streams/recorded.ts";
import { movingClock } from "../../lib/testing/moving-clock.ts";
import { type LibraryServices, application as library } from "../library/lib/application.ts";
import { acquireCopies } from "../library/lib/books/book.ts";
import { loan, requestLoan, returnBook } from "../library/lib/loans/loan.ts";
import { registerMember } from "../library/lib/members/member.ts";
import { memorySmsGateway } from "../library/lib/sms/memory-sms-gateway.ts";
import { renamed } from "../model/names/renamed.ts";
import { toRequest } from "./gateway.ts";

const days = 24 * 3600;
const streams = ["member-ada", "book-emma", "loan-1"] as const;
const parcel = {
  specversion: "1.0",
  source: "publisher",
  type: "ParcelDelivered",
  id: "7",
  data: { title: "emma", pieces: 2 },
};

/** What outlives a deployment. */
const empty = () => {
  const clock = movingClock(new Date("2026-01-01T00:00:00Z"));
  /** The deployment that gets the deadlines. */
  const live = { remind: (_: Deadline): void => undefined };
  const deliver = (deadline: Deadline) => live.remind(deadline);
  return {
    clock,
    live,
    deadlines: memoryDeadlines({ clock: clock.now, sleep: clock.sleep, deliver }),
    events: memoryEventStore(),
    readModels: memoryReadModels(library.projections),
    instances: memoryInstances(),
    ledger: memoryLedger(),
    inbox: memoryInbox(),
    parked: memoryParked(),
    sms: memorySmsGateway(),
  };
};

/** Runs a version of the library on this data. */
const deployed = (version: AnyApplication<LibraryServices>, data: ReturnType<typeof empty>) => {
  const application = asStored(version);
  const { clock, sms, events, live, ...stored } = data;
  const log = memoryLog();
  const underWay = activity();
  const sleep = () => Promise.resolve();
  const system = { clock: clock.now, log, random: () => 0, sleep, activity: underWay };
  const bus = inProcessBus({ ...system, source: application.name });
  const { store, follow } = changeStream(events, system);
  live.remind = (deadline) => bus.remind(deadline.sagaId.split("/")[0] ?? "", deadline);
  const ports = { ...system, ...stored, store, follow, bus, order: asTheyCome };
  const handle = oneProcess(application, {
    ...ports,
    subscribe: bus.subscribe,
    subscribeForeign: bus.subscribeForeign,
    services: { sms },
  });
  let requests = 0;
  const idle = async () => {
    await setImmediate();
    await underWay.idle();
  };
  const send = async (command: Command) => {
    requests += 1;
    const id = `http/${clock.now().getTime()}-${requests}`;
    const ids = { id, causationId: id, correlationId: id, issuedAt: clock.now().toISOString() };
    const answer = await handle({ ...command, metadata: { ...ids, receipt: false } });
    await idle();
    return answer;
  };
  const advance = async (seconds: number) => {
    const end = new Date(clock.now().getTime() + seconds * 1000);
    await idle();
    while (clock.endNext(end)) await idle();
    clock.moveTo(end);
  };
  const documents = { openapi: () => "", page: () => "" };
  const endpoint = queryEndpoint(application, { ...ports, newId: () => "new", documents });
  const get = async (path: string) => endpoint(toRequest(application, { method: "GET", path }));
  return { ...ports, application, send, idle, advance, get };
};

const commitsOf = async ({ events }: ReturnType<typeof empty>) =>
  (await Promise.all(streams.map((stream) => events.read(stream, { consistency: "strong" })))).flat();

/** Everything that is stored, as one value to compare. */
const contentOf = async (data: ReturnType<typeof empty>) => ({
  commits: await commitsOf(data),
  rows: library.projections.map(({ name }) => data.readModels.all(name)),
  sms: data.sms.sent(),
});

/** The body and the status of an answer. */
const shown = async ({ get }: ReturnType<typeof deployed>, path: string) => {
  const { status, body } = await get(path);
  const content: unknown = JSON.parse(body);
  return { status, body: content };
};

/** Ada has borrowed Emma. Then every part of the library was renamed. */
const lent = async () => {
  const data = empty();
  const before = deployed(library, data);
  await before.send(registerMember({ memberId: "ada", phone: "+441632960001" }));
  await before.send(acquireCopies({ bookId: "emma", copies: 1 }));
  before.bus.publishForeign(parcel);
  await before.send(requestLoan({ loanId: "1", bookId: "emma", memberId: "ada" }));
  return { data, before, after: deployed(renamed(library), data) };
};

/** She was also reminded after 21 days, before the rename. */
const reminded = async () => {
  const { data } = await lent();
  await deployed(library, data).advance(21 * days);
  return { data, after: deployed(renamed(library), data) };
};

describe("after every part was renamed", () => {
  test("commands reach the streams from before", async () => {
    const { data, after } = await reminded();
    expect(await after.send(returnBook({ loanId: "1" }))).toMatchObject({ kind: "accepted" });
    const [, , loan] = streams;
    const events = (await data.events.read(loan, { consistency: "strong" })).flatMap(recordedEvents);
    expect(events[0]?.type).toBe("LoanRequested");
    expect(events.map(({ type }) => type)).toContain("BookReturned");
  });

  test("read models follow from their checkpoints: every commit again changes no row", async () => {
    const { data, after } = await reminded();
    const content = await contentOf(data);
    const project = projector(after.application.projections, after);
    const records = (await commitsOf(data)).map((commit, index) => ({
      id: `${index}`,
      kind: "commit" as const,
      commit,
    }));
    expect(await project(records)).toEqual([]);
    expect(await contentOf(data)).toEqual(content);
    await after.send(returnBook({ loanId: "1" }));
    expect(data.readModels.all("loan-status")).toMatchObject([{ row: { status: "returned" } }]);
    expect(await data.readModels.find("loans-per-day", "2026-01-01")).toMatchObject({ row: { lent: 1 } });
  });

  test("no effect, saga or translator acts twice: every event again changes nothing", async () => {
    const { data, after } = await reminded();
    const content = await contentOf(data);
    expect(content.sms).toHaveLength(1);
    await after.bus.publish((await commitsOf(data)).flatMap(recordedEvents));
    after.bus.publishForeign(parcel);
    await after.idle();
    expect(await contentOf(data)).toEqual(content);
  });

  test("an instance that waited for its step ends", async () => {
    const { data, after } = await lent();
    await after.send(returnBook({ loanId: "1" }));
    expect(await shown(after, "/sagas/newloan-period/1")).toMatchObject({
      status: 200,
      body: { saga: "newloan-period", id: "1", status: "completed" },
    });
    expect(data.readModels.all("loan-status")).toMatchObject([{ row: { status: "returned" } }]);
  });

  test("an instance that waited gets its deadline", async () => {
    const { data, after } = await lent();
    await after.advance(21 * days);
    expect(data.sms.sent()).toHaveLength(1);
    expect(await shown(after, "/sagas/newloan-period/1")).toMatchObject({ body: { status: "compensated" } });
  });

  test("a saga is found by its present and by its stored name", async () => {
    const { before, after } = await lent();
    const answer = await shown(after, "/sagas/newloan-period/1");
    expect(answer).toMatchObject({ body: { status: "waiting", step: "newwait-for-return" } });
    expect(await shown(after, "/sagas/loan-period/1")).toEqual(answer);
    expect(await shown(before, "/sagas/loan-period/1")).toMatchObject({
      body: { status: "waiting", step: "wait-for-return" },
    });
    expect(await shown(before, "/sagas/newloan-period/1")).toMatchObject({ status: 404 });
  });

  test("a row is read from the table from before, and a missing row has the present name", async () => {
    const { after } = await lent();
    expect(await shown(after, "/loans/1")).toMatchObject({ body: { loanId: "1", status: "lent" } });
    expect(await shown(after, "/loans/2")).toMatchObject({ body: { detail: "no newloan-status 2" } });
  });

  test("a history is read from the stream from before, and a missing one has the present name", async () => {
    const { data } = await lent();
    const route = {
      method: "GET",
      path: "/loans/{loanId}/events",
      access: "librarian",
      owner: "none",
    } as const;
    const routes = [...library.routes, { ...route, history: loan }];
    const after = deployed(renamed({ ...library, routes }), data);
    expect(await shown(after, "/loans/1/events")).toMatchObject({
      body: { events: [{ type: "LoanRequested" }, {}, {}] },
    });
    expect(await shown(after, "/loans/2/events")).toMatchObject({ body: { detail: "no newloan 2" } });
  });
});
