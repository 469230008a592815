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
    ["it is requested under its own key", [], request, [requested]],
    [
      "nothing is requested like any other amount",
      [],
      { type: "RequestPayment", data: { ...request.data, amount: 0 } },
      [{ type: "PaymentRequested", data: { ...requested.data, amount: 0 } }],
    ],
    ["it is requested once", [requested], request, []],
    ["an authorized one is not requested again", [requested, authorized], request, []],
    ["a declined one is not requested again", [requested, declined], request, []],
    ["a voided one is not requested again", [requested, voided], request, "payment-voided"],

    ["what nobody requested is not authorized", [], authorize, "payment-not-requested"],
    ["it is authorized", [requested], authorize, [authorized]],
    ["it is authorized once", [requested, authorized], authorize, []],
    ["an authorization after a decline is given back", [requested, declined], authorize, [givenBack]],
    ["an authorization that comes too late is given back", [requested, voided], authorize, [givenBack]],
    ["an authorization is given back once", [requested, authorized, givenBack], authorize, []],

    ["what nobody requested is not declined", [], decline, "payment-not-requested"],
    ["it is declined", [requested], decline, [declined]],
    ["an authorized one is not declined", [requested, authorized], decline, []],
    ["it is declined once", [requested, declined], decline, []],
    ["a voided one is not declined", [requested, voided], decline, []],

    ["what nobody requested is not voided", [], voidIt, []],
    ["one without an answer is voided by its key", [requested], voidIt, [voided]],
    ["one that holds money is voided with it", [requested, authorized], voidIt, [givenBack]],
    ["a declined one holds nothing to void", [requested, declined], voidIt, []],
    ["it is voided once", [requested, voided], voidIt, []],
  ],
);
