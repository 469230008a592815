import { Parser } from "@asyncapi/parser";
import { expect, test } from "vitest";
import { toAsyncApi } from "../../../../lib/compile/documents/asyncapi.ts";
import { deliveredTo } from "../../../../lib/compile/documents/consumers.ts";
import { toYaml } from "../../../../lib/compile/documents/yaml.ts";
import { interestOfSaga } from "../../../../lib/model/delivery/interest.ts";
import { shop } from "../../../../lib/shop/shop.ts";
import { application as library } from "../../../library/lib/application.ts";

const parsed = async (text: string) => {
  const { document, diagnostics } = await new Parser().parse(text);
  expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([]);
  if (!document) throw new Error("no document");
  return document;
};

test.each([shop, library])("the document of $name is valid, as JSON and as YAML", async (application) => {
  const made = toAsyncApi(application);
  const [json, yaml] = [await parsed(JSON.stringify(made)), await parsed(toYaml(made))];
  expect(yaml.json()).toEqual(json.json());
});

test("every event and every receipt is published, on the channel of its category", async () => {
  const document = await parsed(JSON.stringify(toAsyncApi(shop)));
  for (const { name, events } of shop.deciders) {
    const channel = document.channels().get(name);
    expect(channel?.address()).toBe(`shop.${name}`);
    expect(
      channel
        ?.messages()
        .all()
        .map((message) => message.name()),
    ).toEqual([
      ...Object.keys(events),
      "CommandRejected",
      "CommandIgnored",
      "CommandExpired",
      "CommandResumed",
    ]);
  }
});

test("foreign events have a channel of their source, and their translator an operation", async () => {
  const document = await parsed(JSON.stringify(toAsyncApi(shop)));
  const channel = document.channels().get("warehouse.stock");
  expect(channel?.address()).toBe("warehouse.stock");
  expect(channel?.description()).toContain("exchange `shop.from.warehouse`, routing key `stock.{type}`");
  const [operation] = channel?.operations().all() ?? [];
  expect([operation?.id(), operation?.action()]).toEqual(["stock-deliveries.warehouse.stock", "receive"]);
  const { schemas } = toAsyncApi(shop).components;
  expect(schemas).toMatchObject({ "warehouse.StockDelivered": { required: ["article", "pieces"] } });
});

test("a consumer has one operation per channel", () => {
  const { operations } = toAsyncApi(shop);
  expect(Object.keys(operations)).toEqual(
    expect.arrayContaining([
      "publish.order",
      "send-confirmation.order",
      "checkout.order",
      "checkout.payment",
    ]),
  );
  expect(operations["checkout.payment"]).toMatchObject({
    action: "receive",
    messages: [
      { $ref: "#/channels/payment/messages/PaymentAuthorized" },
      { $ref: "#/channels/payment/messages/PaymentDeclined" },
      { $ref: "#/channels/payment/messages/CommandResumed" },
    ],
  });
});

test("a saga receives each event that its bus delivers to it, and no event that it finds in an answer", () => {
  const { operations } = toAsyncApi(shop);
  expect(operations["checkout.inventory"]).toMatchObject({
    messages: [{ $ref: "#/channels/inventory/messages/CommandResumed" }],
  });
  const interests = [shop, library].flatMap(({ sagas, deciders }) =>
    sagas.map((saga) => interestOfSaga(saga, deciders)),
  );
  const delivered = [...shop.sagas, ...library.sagas].map(deliveredTo);
  for (const [index, { categories, eventTypes }] of interests.entries()) {
    const types = delivered[index]?.map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining([...eventTypes]));
    expect(categories).toEqual(expect.arrayContaining(delivered[index]?.map(({ decider }) => decider) ?? []));
  }
});

test("the document says that the parts of an event share its position, and what the version of a schema is", () => {
  const { properties } = toAsyncApi(library).components.schemas["cloud-event"];
  expect(properties).toMatchObject({
    streamversion: { type: "integer", description: expect.stringContaining("compare the ids") },
    schemaversion: { type: "integer", description: expect.stringContaining("version of the schema") },
  });
});
