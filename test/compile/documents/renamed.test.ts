/** Documents show the present names. Stored names remain where data has them: stream ids, topics and routing keys. */
import { describe, expect, test } from "vitest";
import { toAsyncApi } from "../../../lib/compile/documents/asyncapi.ts";
import { toChoreographyDiagram } from "../../../lib/compile/documents/choreography-diagram.ts";
import { toFlow, toSagaDiagram } from "../../../lib/compile/documents/diagrams.ts";
import { toEventsDocument } from "../../../lib/compile/documents/events-document.ts";
import { toOpenApi } from "../../../lib/compile/openapi/openapi.ts";
import type { AnyApplication } from "../../../lib/model/application.ts";
import { application as library } from "../../library/lib/application.ts";
import { renamed } from "../../model/names/renamed.ts";

const present = renamed(library);

const documents: Readonly<Record<string, (application: AnyApplication) => string>> = {
  "the OpenAPI document": (application) => JSON.stringify(toOpenApi(application)),
  "the AsyncAPI document": (application) => JSON.stringify(toAsyncApi(application)),
  "the page of events": toEventsDocument,
  "the flow": toFlow,
  "the diagrams of the sagas": ({ sagas }) => sagas.map(toSagaDiagram).join(),
  "the choreographies": ({ sagas }) => sagas.map(toChoreographyDiagram).join(),
};

const withOldNames = (text: string): string => text.replaceAll("new", "");

test.each(Object.entries(documents))("%s has the present names, and is the same otherwise", (_, make) => {
  const text = make(present);
  expect(text).not.toBe(make(library));
  expect(withOldNames(text)).toBe(withOldNames(make(library)));
});

describe("the stored name of a decider", () => {
  test("is not in the flow and in the OpenAPI document", () => {
    const [flow, api] = [/\bstream_loan\b/, / to loan\./];
    expect(toFlow(library)).toMatch(flow);
    expect(toFlow(present)).not.toMatch(flow);
    expect(JSON.stringify(toOpenApi(library))).toMatch(api);
    expect(JSON.stringify(toOpenApi(present))).not.toMatch(api);
  });

  test("is in the ids of streams, in topics and in routing keys", () => {
    expect(toEventsDocument(present)).toContain("## newloan\n\nStreams: `loan-{loanId}`");
    const { channels, components, operations } = toAsyncApi(present);
    expect(channels).toMatchObject({
      newloan: {
        address: "library.loan",
        title: "Events of newloan",
        description: expect.stringContaining("routing key `loan.{type}`"),
      },
    });
    expect(components.messages).toMatchObject({
      "newloan.LoanRequested": { examples: [{ payload: { id: "loan-1@1", subject: "loan-1" } }] },
    });
    expect(operations).toMatchObject({
      "newlending.newloan": { channel: { $ref: "#/channels/newloan" } },
    });
  });
});
