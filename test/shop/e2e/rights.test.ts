/**
 * Each function has exactly the permissions that it needs: it uses all of them, and without any of them something
 * fails.
 */
import { beforeAll, expect, test } from "vitest";
import { matchesWildcard } from "../../../lib/local/iam/wildcard.ts";
import { payloadOf } from "../../../lib/testing/contracts/dead-letters.ts";
import { recordedEvent } from "../../../lib/testing/contracts/samples/recorded-event.ts";
import { changedAssembly, withhold } from "./changed-assembly.ts";
import { orderOf, type Permission } from "./client.ts";
import { parkCheckout, reserveAgain, waitUntilCompleted } from "./park-checkout.ts";
import {
  abortedRestock,
  countable,
  lateRestock,
  loseRestock,
  parkRestock,
  waitForRestock,
} from "./restocks.ts";
import { type Shop, startShop } from "./shop.ts";

const covers = (granted: Permission, used: Permission): boolean =>
  granted.role === used.role &&
  matchesWildcard(granted.action, used.action) &&
  matchesWildcard(granted.resource, used.resource);

const wordsOf = ({ role, action, resource }: Permission): string => `${role} ${action} ${resource}`;

const use = (shop: Shop, role: string, used: string) =>
  shop.wait(`${role} to use ${used}`, async () =>
    (await shop.permissions()).used.some((each) => each.role.includes(role) && each.action === used)
      ? true
      : undefined,
  );

/** The queues of effects and sagas. */
const queues = [
  "AppEffectsAuthorizePaymentPerformQueue",
  "AppEffectsReleaseAuthorizationPerformQueue",
  "AppEffectsSendConfirmationPerformQueue",
  "AppSagasCheckoutReactQueue",
  "AppSagasRestockChoreographQueue",
];

const translatorQueue = "AppTranslatorsStockDeliveriesTranslateQueue";

/** Publishes each event twice, so that the translator looks for the stored event. */
const foreignEvents = async (shop: Shop) => {
  const data = { article: "olive", pieces: 2 };
  const event = { specversion: "1.0", id: "1", source: "warehouse", type: "StockDelivered", data };
  for (const _ of [1, 2]) await shop.owner.publish(event.source, event.type, event);
  await shop.waitForStock("olive", { received: 2 });
};

/** Orders that are confirmed, declined, and out of stock. */
const orders = async (shop: Shop) => {
  await shop.receive("apple", 10);
  const lines = [{ sku: "apple", quantity: 1, unitPrice: 1 }];
  await shop.place(orderOf("confirmed", lines));
  await shop.place(orderOf("declined", lines, "pm_card_chargeDeclined"));
  await shop.place(orderOf("unknown", [{ sku: "unicorn", quantity: 1, unitPrice: 1 }]));
  for (const id of ["confirmed", "declined", "unknown"]) await shop.waitForSaga(id);
  await shop.wait("an e-mail", async () => (await shop.mailsTo("confirmed"))[0]);
  const lists = [
    "/orders",
    "/orders?status=placed",
    "/orders?customerId=nobody",
    "/stock",
    "/stock/apple",
    "/orders/confirmed/events",
    "/sagas",
  ];
  for (const path of lists) expect(await shop.get(path)).toMatchObject({ status: 200 });
};

/** An order that is cancelled while its payment has no answer, so that the payment is voided. */
const cancellation = async (shop: Shop) => {
  await shop.place(orderOf("silent", [{ sku: "apple", quantity: 1, unitPrice: 1 }], "pm_card_timeout"));
  await shop.waitForOrder("silent", "reserved");
  await shop.advance(901);
  await shop.waitForSaga("silent");
  await shop.wait("the money to be released", async () =>
    (await shop.owner.get("payments", "payment-silent"))?.status?.S === "released" ? true : undefined,
  );
};

/**
 * A provider may answer before the task has stored its token, and then the task completes itself at the engine. A test
 * cannot wait for that moment, so it stores the answer before it places the order.
 */
const answeredAtOnce = async (shop: Shop, orderId: string, type: string, answer: object) => {
  const [streamId, sagaId] = [`payment-${orderId}`, `checkout/${orderId}`] as const;
  const commandId = `${sagaId}/authorize-payment/${streamId}#1`;
  const asked = { orderId, paymentKey: streamId, amount: 1, paymentMethod: "pm_card_timeout" };
  await shop.owner.append(streamId, { type: "PaymentRequested", data: asked }, { sagaId, commandId });
  await shop.owner.append(streamId, { type, data: { orderId, ...answer } }, { sagaId });
  await shop.place(orderOf(orderId, [{ sku: "apple", quantity: 1, unitPrice: 1 }]));
  await shop.waitForSaga(orderId);
};

const allQueues = [...queues, translatorQueue, "AppRepairQueue"];

/** Waits until every function behind a queue has reported its message. */
const unreadableMessages = async (shop: Shop, report = /is a dead letter: unreadable/) => {
  for (const queue of allQueues) await shop.owner.send(queue, "no event");
  const seen = () =>
    new Set(shop.reports.filter(({ message }) => report.test(message)).map(({ source }) => source));
  await shop.wait(`every queue's function to report ${report}`, () =>
    seen().size === allQueues.length ? true : undefined,
  );
};

/** The permissions that functions use for messages that come again. Here the dead-letter queues refuse them. */
const usedForRetries = async (): Promise<readonly Permission[]> => {
  const { assembly, done } = changedAssembly(withhold("App", "sqs:SendMessage"));
  const shop = await startShop(assembly);
  try {
    await unreadableMessages(shop, /could not be sent to the dead-letter queue/);
    const isRetry = ({ action }: Permission) => action === "sqs:ChangeMessageVisibility";
    await shop.wait("every function to return its message to the queue", async () =>
      (await shop.permissions()).used.filter(isRetry).length >= allQueues.length ? true : undefined,
    );
    return (await shop.permissions()).used.filter(isRetry);
  } finally {
    await shop.stop();
    done();
  }
};

/** An unreadable event, and an event that a projection cannot apply. Both are repaired. */
const damagedEvents = async (shop: Shop) => {
  const parked = (consumer: string, streamId: string) =>
    shop.wait(`${consumer} to park ${streamId}`, () => shop.owner.get("parked", `${consumer} ${streamId}`));
  const redrive = (projection: string, streamId: string) =>
    shop.owner.operate({ action: "redrive", projection, streamId });
  const right = async (streamId: string, event: readonly [type: string, data: object]) => {
    const md = JSON.stringify({ causationId: "x", correlationId: "x", issuedAt: "then" });
    const kept = { to: { N: "1" }, id: { S: "x" }, at: { S: "then" }, md: { S: md } };
    const ev = { S: JSON.stringify([event]) };
    await shop.owner.put("events", { pk: { S: streamId }, sk: { N: "1" }, ...kept, ev });
  };

  await shop.owner.put("events", { pk: { S: "order-garbled" }, sk: { N: "1" }, ev: { S: "not JSON" } });
  await parked("project", "order-garbled");
  await parked("relay", "order-garbled");
  await right("order-garbled", ["OrderCancelled", { orderId: "garbled", reason: "garbled" }]);
  expect(await redrive("project", "order-garbled")).toEqual({ kind: "redriven" });

  const rotten = { sku: "rotten", quantity: "many" };
  await shop.owner.append("inventory-rotten", { type: "StockReceived", data: rotten });
  await parked("stock-level", "inventory-rotten");
  await shop.owner.append("inventory-rotten", {
    type: "StockReceived",
    data: { sku: "rotten", quantity: 1 },
  });
  // The next record shows a gap, so the function reads the store.
  await use(shop, "StreamProject", "dynamodb:Query");
  expect(await redrive("stock-level", "inventory-rotten")).toEqual({ kind: "parked-again" });
  await replay(shop);
  await right("inventory-rotten", ["StockReceived", { sku: "rotten", quantity: 1 }]);
  expect(await redrive("stock-level", "inventory-rotten")).toEqual({ kind: "redriven" });
};

/** Lost rows come back. The event that the projection cannot apply is parked again. */
const replay = async (shop: Shop) => {
  await shop.owner.remove("orders", "confirmed");
  await shop.owner.remove("stock", "apple");
  await shop.owner.replay("all");
  await shop.waitForOrder("confirmed", "confirmed");
  await shop.waitForStock("apple", { sku: "apple" });
  await shop.wait("the event to be parked again", () =>
    shop.reports.find(
      ({ source, message }) => /Repair/.test(source) && /parked inventory-rotten/.test(message),
    ),
  );
};

type Resume = (shop: Shop, id: string) => Promise<unknown>;

/** Operators can use a function or a request. Each has its own Lambda function. */
const byFunction: Resume = (shop, id) =>
  shop.owner.operate({ action: "resume", sagaId: `checkout/${id}`, how: "retry" });
let requests = 0;
const byRequest: Resume = async (shop, id) => {
  const key = { "idempotency-key": `resume-${++requests}` };
  return (await shop.post(`/sagas/checkout/${id}/resume`, { action: "retry" }, key)).body;
};

/**
 * If two operators resume at the same time, the second may find that the attempt of the first was rejected too, and
 * then completes the task at the engine. A test cannot wait for that moment, so it stores the rejection by hand. An
 * execution that gets this result while it waits for an operator ends, and another must be started.
 */
const resumedTwice = async (shop: Shop, resume: Resume, id: string, sku: string) => {
  const saga = { sagaId: `checkout/${id}` };
  await parkCheckout(shop, id, sku);
  const X = `${saga.sagaId}/complete/inventory-${sku}`;
  const second = { command: "TakeStock", commandId: `${X}#2`, code: "not-reserved", because: "gone" };
  const rejected = { type: "CommandRejected", data: second };
  await shop.owner.append(`inventory-${sku}`, rejected, { ...saga, commandId: `${X}#2` });
  const item = await shop.owner.get("instances", saga.sagaId);
  const { token } = JSON.parse(item?.waiting?.S ?? "");
  const waiting = { S: JSON.stringify({ step: "complete", token }) };
  await shop.owner.put("instances", { ...item, waiting });
  expect(await resume(shop, id)).toMatchObject({ status: "parked" });
  await shop.wait("the execution to end", async () => (await shop.saga(id))?.parked);

  await reserveAgain(shop, id, sku);
  await resume(shop, id);
  await waitUntilCompleted(shop, id);
};

/** The task waits for the operator, and gets the result. */
const resumedOnce = async (shop: Shop, resume: Resume, id: string, sku: string) => {
  await parkCheckout(shop, id, sku);
  await reserveAgain(shop, id, sku);
  await resume(shop, id);
  await waitUntilCompleted(shop, id);
};

/** Adds dead letters with an event, so that the handler reads the reason from the ledger. */
const deadLetters = async (shop: Shop) => {
  for (const queue of queues)
    await shop.owner.send(queue.replace(/Queue$/, "DeadLetters"), payloadOf(recordedEvent()));
  const { letters } = await shop.owner.operate({ action: "dead-letters" });
  const unreadable = { payload: "no event", because: expect.stringContaining("unreadable") };
  expect(letters).toEqual(
    expect.arrayContaining([expect.objectContaining({ handler: "stock-deliveries", ...unreadable })]),
  );
  const handlers = ["authorize-payment", "release-authorization", "send-confirmation", "checkout", "restock"];
  for (const handler of handlers) {
    const { count } = await shop.owner.operate({ action: "redrive-handler", handler });
    expect(count).toBeGreaterThanOrEqual(2);
  }
  expect(await shop.owner.operate({ action: "redrive-handler", handler: "stock-deliveries" })).toMatchObject({
    count: 1,
  });
};

/** In a choreography, an operator's decision, a message or a deadline continues a return. */
const returns = async (shop: Shop) => {
  await parkRestock(shop, "back", "fig");
  await countable(shop, "fig");
  await shop.owner.operate({ action: "resume", sagaId: "restock/back", how: "retry" });
  await waitForRestock(shop, "back", "completed");
  await parkRestock(shop, "home", "date");
  await countable(shop, "date");
  await shop.post("/sagas/restock/home/resume", { action: "retry" });
  await waitForRestock(shop, "home", "completed");
  await abortedRestock(shop, "left", "lime");
  await shop.post("/sagas/restock/left/resume", { action: "retry" });
  await waitForRestock(shop, "left", "completed");
  await lateRestock(shop, "late", "lemon");
  await loseRestock(shop, "lost", "olive");
};

/** An answer of an effect to a saga without a waiting step is stored in the saga's item. */
const effectsOfReturns = async (shop: Shop) => {
  const voided = { type: "PaymentVoided", data: { orderId: "told", paymentKey: "payment-told" } };
  await shop.owner.append("payment-told", voided, { sagaId: "restock/told" });
  await use(shop, "SagasRestockChoreograph", "dynamodb:GetItem");
};

/**
 * The scheduled inspection reads a saga that waits. It is not stuck, so the time of the next inspection is stored. The
 * saga is in the list 360 s after its start, inspections are 300 s apart, and the waiting step ends after 900 s: after
 * 700 s one inspection has found it, and the saga still waits, even if the function runs late.
 */
const inspection = async (shop: Shop) => {
  await shop.place(orderOf("slow", [{ sku: "apple", quantity: 1, unitPrice: 1 }], "pm_card_timeout"));
  await shop.waitForOrder("slow", "reserved");
  for (const seconds of [300, 300, 100]) await shop.advance(seconds);
  await use(shop, "Inspect", "dynamodb:UpdateItem");
};

const operations = async (shop: Shop) => {
  expect(await shop.owner.operate({ action: "parked" })).toMatchObject({ kind: "parked" });
  expect(await shop.owner.operate({ action: "republish", streamId: "order-confirmed" })).toMatchObject({
    kind: "republished",
  });
};

let retries: readonly Permission[];
beforeAll(async () => {
  retries = await usedForRetries();
});

const unusedHere = [
  // The Scheduler uses it if a queue accepts no message for a day.
  /^shop-AppSagas\w+ChoreographDeadlinesRole\w+ sqs:SendMessage .*DeadLetters/,
  // For one release: only executions of the former Express machine, from before the deployment, use them.
  /^shop-AppSagasRestock(Machine|Task)/,
];

// It plays everything that the shop can do, in order.
const patienceMilliseconds = 180_000;

test("the functions use exactly the permissions that they have", {
  timeout: patienceMilliseconds,
}, async () => {
  const shop = await startShop();
  try {
    await foreignEvents(shop);
    await orders(shop);
    await cancellation(shop);
    await answeredAtOnce(shop, "swift", "PaymentAuthorized", { authorization: "auth_swift" });
    await answeredAtOnce(shop, "curt", "PaymentDeclined", { because: "card declined" });
    await unreadableMessages(shop);
    await resumedOnce(shop, byFunction, "parked", "pear");
    await resumedOnce(shop, byRequest, "waiting", "grape");
    await resumedTwice(shop, byFunction, "twice", "plum");
    await resumedTwice(shop, byRequest, "again", "quince");
    await returns(shop);
    await effectsOfReturns(shop);
    await inspection(shop);
    await operations(shop);
    await deadLetters(shop);
    await damagedEvents(shop);

    const { granted, used: now } = await shop.permissions();
    const used = [...now, ...retries];
    const unused = granted.filter((each) => !used.some((use) => covers(each, use)));
    expect(unused.map(wordsOf).filter((words) => !unusedHere.some((each) => each.test(words)))).toEqual([]);
    expect(used.filter((use) => !granted.some((each) => covers(each, use))).map(wordsOf)).toEqual([]);
  } finally {
    await shop.stop();
  }
});

type Row = readonly [role: string, action: string, resource: string];

test.each<Row>([
  // The key of a request is marked before its command is stored.
  ["AppCommandRole", "dynamodb:PutItem", "table/shop-AppStorageIdempotencyKeys"],
  ["AppCommandRole", "dynamodb:Query", "table/shop-AppStorageEvents"],
  ["AppStreamProjectRole", "dynamodb:PutItem", "table/shop-AppStorageReadModel"],
  ["AppStreamProjectRole", "s3:PutObject", "s3:::shop-appstreamfailures"],
  ["AppStreamRelayRole", "events:PutEvents", "event-bus/shop"],
  [
    "AppSagasCheckoutReactRole",
    "sqs:ReceiveMessage",
    "sqs:eu-central-1:000000000000:shop-AppSagasCheckoutReactQueue",
  ],
  ["AppSagasCheckoutReactRole", "states:StartExecution", "stateMachine:shop-AppSagasCheckoutMachine"],
  ["AppSagasCheckoutReactRole", "states:SendTaskSuccess", "stateMachine:shop-AppSagasCheckoutMachine"],
  ["AppSagasCheckoutMachineRole", "lambda:InvokeFunction", "function:shop-AppSagasCheckoutTask"],
  ["AppEffectsSendConfirmationPerformRole", "ses:SendEmail", "identity/shop@example.com"],
])(
  "without its permission %s cannot %s, and the error names the missing permission",
  async (role, action, resource) => {
    const { assembly, done } = changedAssembly(withhold(role, action));
    const reports: Shop["reports"] = [];
    const shop = await startShop(assembly, reports).catch(() => undefined);
    const refused = () => reports.find(({ fields }) => fields?.action === action);
    try {
      if (shop) {
        const { status } = await shop.receive("apple", 1);
        if (status === 202)
          await shop.place(orderOf("refused", [{ sku: "apple", quantity: 1, unitPrice: 1 }]));
        await shop.wait("the refusal", refused);
      }
      expect(refused()).toMatchObject({
        level: "problem",
        message: expect.stringContaining(`is not authorized to perform: ${action} on resource: `),
        fields: {
          role: expect.stringContaining(`shop-${role}`),
          resource: expect.stringContaining(resource),
        },
      });
    } finally {
      await shop?.stop();
      done();
    }
  },
);
