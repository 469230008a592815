import { describe, expect, test } from "vitest";
import type { SentCommand } from "../../../../lib/model/message.ts";
import { historyEntry, instanceIn, instancesOf } from "../../../../lib/model/sagas/instance.ts";
import { answer, progress, type Rule } from "../../../../lib/model/sagas/verdict.ts";
import { checkout } from "../../../../lib/shop/sagas/checkout.ts";
import { approvedLending } from "../../../library/fixtures/approved-loans.ts";
import {
  commandId,
  expired,
  loanId,
  outside,
  own,
  rejected,
  sagaId,
  start,
} from "../../../library/fixtures/loan-history.ts";
import { recorded } from "../../../model/recorded.ts";

describe("an event belongs to the history of", () => {
  test("the instance that it starts", () => expect(instancesOf(approvedLending, start)).toEqual([sagaId]));

  test("the instance that caused it", () =>
    expect(instancesOf(approvedLending, own(2, "BookHeld", "hold"))).toEqual([sagaId]));

  test("the instance that it belongs to from outside", () => {
    expect(instancesOf(approvedLending, outside(4, "Approved"))).toEqual([sagaId]);
  });

  test("one instance once, even for several reasons", () => {
    const approved = recorded(loanId, { type: "Approved", data: { loanId: "1" } }, { version: 4, sagaId });
    expect(instancesOf(approvedLending, approved)).toEqual([sagaId]);
  });

  test("no instance, if no saga caused it", () =>
    expect(instancesOf(approvedLending, outside(2, "BookHeld"))).toEqual([]));

  test("no instance, if another saga caused it", () => {
    const other = recorded(
      loanId,
      { type: "BookHeld", data: { loanId: "1" } },
      { sagaId: "lending-again/1" },
    );
    expect(instancesOf(approvedLending, other)).toEqual([]);
  });

  test("no instance, if the outcome with this name is of another category", () => {
    expect(
      instancesOf(approvedLending, recorded("visa-1", { type: "Approved", data: { loanId: "1" } })),
    ).toEqual([]);
  });
});

describe("an instance without a step", () => {
  const [hold, approval, handOver] = approvedLending.steps;
  if (!hold || !approval || !handOver) throw new Error("lending has three steps");
  const namesOf = (...applies: readonly boolean[]) => {
    const conditional = { ...hold, onlyIf: () => applies[0] === true };
    const steps = [conditional, approval, { ...handOver, onlyIf: () => applies[1] === true }];
    const { skips, forward, compensating } = instanceIn({ ...approvedLending, steps }, sagaId, [start]) ?? {};
    const failed = { kind: "timed-out", step: "approval" } as const;
    const last = (forward?.length ?? 0) - 1;
    return {
      skips,
      forward: forward?.map((task) => task([]).name),
      compensating: compensating?.(last, failed).map(({ name }) => name),
    };
  };

  test("neither runs nor undoes it", () => {
    expect(namesOf(false, false)).toEqual({
      skips: ["hold", "hand-over"],
      forward: ["approval", "complete"],
      compensating: ["undo-approval", "abandon"],
    });
  });

  test("has the steps whose condition holds for its start", () => {
    expect(namesOf(true, true)).toEqual({
      skips: [],
      forward: ["hold", "approval", "hand-over", "complete"],
      compensating: ["undo-hand-over", "undo-approval", "undo-hold", "abandon"],
    });
  });

  test("still goes only forward after the pivot", () => {
    const steps = [{ ...hold, onlyIf: () => false }, approval, handOver];
    const { forward } = instanceIn({ ...approvedLending, steps }, sagaId, [start]) ?? {};
    expect(forward?.map((task) => task([]).mode)).toEqual(["compensable", "forward", "forward"]);
  });
});

describe("an entry of the history", () => {
  test("has the complete start, outcomes and receipts", () => {
    for (const event of [start, own(2, "BookHeld", "hold"), outside(4, "Refused"), rejected(5, "undo-hold")])
      expect(historyEntry(approvedLending, event)).toEqual(event);
  });

  test("has only the metadata of other events", () => {
    const freed = own(5, "BookFreed", "undo-hold");
    expect(historyEntry(approvedLending, freed)).toEqual({ ...freed, data: {} });
  });
});

describe("an instance", () => {
  test("is undefined until its start is in the history", () => {
    expect(instanceIn(approvedLending, sagaId, [outside(4, "Approved")])).toBeUndefined();
    expect(instanceIn(approvedLending, "lending/2", [start])).toBeUndefined();
  });

  test("sends commands that name it and its start, and ask for a receipt", () => {
    const [command] =
      instanceIn(approvedLending, sagaId, [start])?.forward[0]?.([]).progress([start]).undecided ?? [];
    expect(command).toEqual({
      type: "HoldBook",
      streamId: loanId,
      data: { loanId: "1" },
      metadata: {
        id: "lending/1/hold/loan-1#1",
        causationId: start.metadata.id,
        correlationId: start.metadata.correlationId,
        issuedAt: start.metadata.recordedAt,
        sagaId,
        receipt: true,
      },
    });
  });

  test("cannot continue if a step has two commands for one stream", () => {
    const line = { sku: "nw-11", quantity: 1, unitPrice: 1 };
    const placed = recorded("order-1", { type: "OrderPlaced", data: { orderId: "1", lines: [line, line] } });
    const first = instanceIn(checkout, "checkout/1", [placed])?.forward[0];
    expect(first?.([]).progress([placed])).toMatchObject({
      kind: "parked",
      reason: {
        kind: "cannot-continue",
        step: "reserve-stock",
        because: "Error: saga checkout/1, task reserve-stock: expected at most one command per stream",
      },
    });
  });
});

describe("a fan-out", () => {
  const lines = ["a", "b"].map((sku) => ({ sku, quantity: 1, unitPrice: 1 }));
  const placed = recorded("order-1", { type: "OrderPlaced", data: { orderId: "1", lines } });
  const ids = { sagaId: "checkout/1" };
  const idOf = (sku: string) => `checkout/1/reserve-stock/inventory-${sku}#1`;
  const reserved = (sku: string) =>
    recorded(`inventory-${sku}`, { type: "StockReserved", data: { sku } }, { ...ids, commandId: idOf(sku) });
  const receipt = (type: string, sku: string, data: object = {}) =>
    recorded(
      `inventory-${sku}`,
      { type, data: { command: "ReserveStock", commandId: idOf(sku), ...data } },
      ids,
    );
  const rejection = (sku: string) => receipt("CommandRejected", sku, { code: "out-of-stock", because: "" });
  const expiry = (sku: string) => receipt("CommandExpired", sku);
  const look = (...history: Parameters<typeof historyEntry>[1][]) =>
    instanceIn(checkout, "checkout/1", [placed])
      ?.forward[0]?.([])
      .progress([placed, ...history]);

  test("is pending while one is undecided", () => {
    expect(look(reserved("a"))).toMatchObject({ kind: "pending", undecided: [{ streamId: "inventory-b" }] });
  });

  test("succeeds when all commands have succeeded, in any order", () => {
    expect(look(reserved("b"), reserved("a"))).toMatchObject({ kind: "succeeded", undecided: [] });
  });

  test("fails with the first failure, and lists the commands that must expire before anything is undone", () => {
    expect(look(rejection("a"))).toMatchObject({ kind: "failed", undecided: [{ streamId: "inventory-b" }] });
  });

  test("reports the cause of a failure, not the expiry that follows from it", () => {
    expect(look(expiry("a"), rejection("b"))).toMatchObject({
      kind: "failed",
      reason: { code: "out-of-stock" },
    });
  });
});

describe("a verdict", () => {
  const [command] =
    instanceIn(approvedLending, sagaId, [start])?.forward[0]?.([]).progress([]).undecided ?? [];
  if (!command) throw new Error("the loan sends a command first");
  const base = { ...command, metadata: { ...command.metadata, id: "lending/1/hold/loan-1" } };
  const rule: Rule = {
    name: "hold",
    mode: "compensable",
    waits: true,
    succeeds: () => false,
    fails: () => false,
  };
  const kindOf = (...events: Parameters<typeof progress>[2]) => progress(rule, [base], events).kind;

  test("parks if an answer decides nothing in a step that does not wait, whatever the other commands did", () => {
    const elsewhere: SentCommand = {
      ...base,
      streamId: "loan-2",
      metadata: { ...base.metadata, id: "lending/1/hold/loan-2" },
    };
    const answers = [
      own(2, "LoanConfirmed", "hold"),
      recorded(
        "loan-2",
        {
          type: "CommandRejected",
          data: {
            command: "HoldBook",
            commandId: "lending/1/hold/loan-2#1",
            code: "locked",
            because: "locked",
          },
        },
        { commandId: "lending/1/hold/loan-2#1", sagaId },
      ),
    ];
    for (const events of [answers, answers.toReversed()])
      expect(progress({ ...rule, waits: false }, [elsewhere, base], events)).toMatchObject({
        kind: "parked",
        reason: { kind: "undecided", step: "hold", event: "LoanConfirmed" },
        parked: [{ streamId: "loan-1" }],
      });
    expect(progress(rule, [base], answers).kind).toBe("pending");
  });

  test("matches a receipt by the command in its data, not by its own id", () => {
    const late = expired(2, "hold");
    expect(late.metadata.commandId).toBe(`${commandId("hold")}/expire`);
    expect([kindOf(late), answer(command, [late])]).toEqual(["failed", late]);
  });

  test("ignores a receipt of another attempt, task or stream", () => {
    const elsewhere = rejected(2, "hold");
    expect(
      kindOf(rejected(2, "hold", 2), rejected(3, "approval"), {
        ...elsewhere,
        metadata: { ...elsewhere.metadata, streamId: "loan-2" },
      }),
    ).toBe("pending");
  });

  test("distinguishes attempt 10 from attempt 1", () => {
    expect(answer(command, [rejected(2, "hold", 10)])).toBeUndefined();
  });
});
