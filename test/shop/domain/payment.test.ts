import { payment } from "../../../lib/shop/payments/payment.ts";
import { scenario } from "./scenario.ts";

const orderId = "10248";
const paymentKey = "payment-10248";

const request = {
  type: "RequestPayment",
  data: { orderId, amount: 300, paymentMethod: "pm_card_visa" },
} as const;
const authorize = { type: "RecordAuthorization", data: { orderId, authorization: "A1" } } as const;
const decline = { type: "RecordDecline", data: { orderId, because: "no money" } } as const;
const voidIt = { type: "VoidPayment", data: { orderId } } as const;

const requested = { type: "PaymentRequested", data: { ...request.data, paymentKey } } as const;
const authorized = { type: "PaymentAuthorized", data: authorize.data } as const;
const declined = { type: "PaymentDeclined", data: decline.data } as const;
const voided = { type: "PaymentVoided", data: { orderId, paymentKey } } as const;
const givenBack = { type: "PaymentVoided", data: { ...authorize.data, paymentKey } } as const;

scenario(
  payment,
  { kinds: ["none", "requested", "authorized", "declined", "voided"], kindOf: ({ status }) => status },
  [
    ["a payment is requested with its own key", [], request, [requested]],
    [
      "an amount of zero is requested like any other amount",
      [],
      { type: "RequestPayment", data: { ...request.data, amount: 0 } },
      [{ type: "PaymentRequested", data: { ...requested.data, amount: 0 } }],
    ],
    ["a payment is requested once", [requested], request, []],
    ["an authorized payment is not requested again", [requested, authorized], request, []],
    ["a declined payment is not requested again", [requested, declined], request, []],
    ["a voided payment is not requested again", [requested, voided], request, "payment-voided"],

    ["a payment that was not requested is not authorized", [], authorize, "payment-not-requested"],
    ["a payment is authorized", [requested], authorize, [authorized]],
    ["a payment is authorized once", [requested, authorized], authorize, []],
    ["an authorization after a decline is released", [requested, declined], authorize, [givenBack]],
    ["an authorization that comes too late is released", [requested, voided], authorize, [givenBack]],
    ["an authorization is released once", [requested, authorized, givenBack], authorize, []],

    ["a payment that was not requested is not declined", [], decline, "payment-not-requested"],
    ["a payment is declined", [requested], decline, [declined]],
    ["an authorized payment is not declined", [requested, authorized], decline, []],
    ["a payment is declined once", [requested, declined], decline, []],
    ["a voided payment is not declined", [requested, voided], decline, []],

    ["a payment that was not requested is not voided", [], voidIt, []],
    ["a payment without an answer is voided by its key", [requested], voidIt, [voided]],
    [
      "a payment that holds money is voided with its authorization",
      [requested, authorized],
      voidIt,
      [givenBack],
    ],
    ["a declined payment is not voided", [requested, declined], voidIt, []],
    ["a payment is voided once", [requested, voided], voidIt, []],
  ],
);
