import { approvalLimit } from "../../../lib/shop/orders/approval.ts";
import { order } from "../../../lib/shop/orders/order.ts";
import { orderId, placeable, total } from "./orders.ts";
import { scenario } from "./scenario.ts";

const { id: _, ...customer } = placeable.customer;

const place = { type: "PlaceOrder", data: placeable } as const;
const ask = { type: "RequestApproval", data: { orderId } } as const;
const approve = { type: "AnswerApproval", data: { orderId, approved: true, by: "Grace" } } as const;
const refuse = { type: "AnswerApproval", data: { orderId, approved: false } } as const;
const lapse = { type: "LapseApproval", data: { orderId } } as const;
const confirm = { type: "ConfirmOrder", data: { orderId } } as const;
const cancel = { type: "CancelOrder", data: { orderId, reason: "rain" } } as const;

const giveBack = { type: "ReturnOrder", data: { orderId, reason: "too small" } } as const;
const close = { type: "CloseReturn", data: { orderId } } as const;
const refuseReturn = { type: "CloseReturn", data: { orderId, refused: "broken" } } as const;

const placed = { type: "OrderPlaced", data: { ...placeable, total } } as const;
const asked = { type: "ApprovalRequested", data: { orderId, total } } as const;
const approved = { type: "OrderApproved", data: { orderId, by: "Grace" } } as const;
const refused = { type: "OrderRefused", data: { orderId } } as const;
const lapsed = { type: "ApprovalLapsed", data: { orderId } } as const;
const confirmed = { type: "OrderConfirmed", data: { orderId, customer, total } } as const;
const cancelled = { type: "OrderCancelled", data: cancel.data } as const;
const lines = placeable.lines.map(({ sku, quantity }) => ({ sku, quantity }));
const returned = { type: "OrderReturned", data: { ...giveBack.data, lines } } as const;
const closed = { type: "ReturnClosed", data: close.data } as const;
const returnRefused = { type: "ReturnClosed", data: refuseReturn.data } as const;
const isReturned = [placed, confirmed, returned] as const;
const isOver = [placed, confirmed, returned, closed] as const;
const dated = { ...placeable, orderedAt: "1996-07-04" };

const large = { ...placeable, lines: [{ sku: "ruby", quantity: 1, unitPrice: approvalLimit + 1 }] };
const placedLarge = {
  type: "OrderPlaced",
  data: { ...large, total: approvalLimit + 1, needsApproval: true },
} as const;
const atLimit = { ...placeable, lines: [{ sku: "ruby", quantity: 1, unitPrice: approvalLimit }] };

const kinds = [
  "new",
  "placed",
  "awaiting-approval",
  "approved",
  "not-approved",
  "confirmed",
  "cancelled",
  "returned",
  "return-closed",
];

scenario(order, { kinds, kindOf: ({ status }) => status }, [
  ["an order is placed with its total", [], place, [placed]],
  [
    "an order is placed with the date on which it was ordered",
    [],
    { type: "PlaceOrder", data: dated },
    [{ type: "OrderPlaced", data: { ...dated, total } }],
  ],
  ["an order over the limit needs an approval", [], { type: "PlaceOrder", data: large }, [placedLarge]],
  [
    "an order up to the limit needs no approval",
    [],
    { type: "PlaceOrder", data: atLimit },
    [{ type: "OrderPlaced", data: { ...atLimit, total: approvalLimit } }],
  ],
  ["an order is placed once", [placed], place, "already-placed"],
  ["an order is not placed again while it awaits approval", [placed, asked], place, "already-placed"],
  ["an order is not placed again after its approval", [placed, asked, approved], place, "already-placed"],
  ["an order is not placed again after its refusal", [placed, asked, refused], place, "already-placed"],
  ["an order is not placed again after its confirmation", [placed, confirmed], place, "already-placed"],
  ["an order is not placed again after its cancellation", [placed, cancelled], place, "already-placed"],

  ["no approval is requested for an unknown order", [], ask, "unknown-order"],
  ["a request for approval has the total", [placed], ask, [asked]],
  ["the approval is requested once", [placed, asked], ask, []],
  ["no approval is requested for an approved order", [placed, asked, approved], ask, []],
  ["no approval is requested for a refused order", [placed, asked, refused], ask, []],
  ["no approval is requested for a confirmed order", [placed, confirmed], ask, "already-confirmed"],
  ["no approval is requested for a cancelled order", [placed, cancelled], ask, "already-cancelled"],

  ["an unknown order is not approved", [], approve, "unknown-order"],
  ["an order is not approved before the approval is requested", [placed], approve, "approval-not-requested"],
  ["an order is not refused before the approval is requested", [placed], refuse, "approval-not-requested"],
  ["an order is approved, with the person who decided", [placed, asked], approve, [approved]],
  ["an order is refused", [placed, asked], refuse, [refused]],
  [
    "a second approval changes nothing",
    [placed, asked, approved],
    { ...approve, data: { orderId, approved: true } },
    [],
  ],
  ["a second refusal changes nothing", [placed, asked, refused], refuse, []],
  ["an approved order is not refused", [placed, asked, approved], refuse, "already-decided"],
  ["a refused order is not approved", [placed, asked, refused], approve, "already-decided"],
  [
    "an approval after the request has lapsed is rejected",
    [placed, asked, lapsed],
    approve,
    "already-decided",
  ],
  ["a refusal after the request has lapsed changes nothing", [placed, asked, lapsed], refuse, []],
  ["a confirmed order is not approved", [placed, asked, approved, confirmed], approve, "already-confirmed"],
  ["a cancelled order is not approved", [placed, asked, lapsed, cancelled], approve, "already-cancelled"],

  ["no approval of an unknown order lapses", [], lapse, []],
  ["an approval that was not requested does not lapse", [placed], lapse, []],
  ["a requested approval lapses", [placed, asked], lapse, [lapsed]],
  ["an approval that was given does not lapse", [placed, asked, approved], lapse, []],
  ["an approval that was refused does not lapse", [placed, asked, refused], lapse, []],
  ["no approval of a confirmed order lapses", [placed, confirmed], lapse, []],
  ["no approval of a cancelled order lapses", [placed, asked, cancelled], lapse, []],

  ["an unknown order is not confirmed", [], confirm, "unknown-order"],
  ["an order is confirmed with the data for its e-mail", [placed], confirm, [confirmed]],
  [
    "an order is not confirmed if it needs an approval that was not requested",
    [placedLarge],
    confirm,
    "not-approved",
  ],
  ["an order is not confirmed while it awaits approval", [placed, asked], confirm, "not-approved"],
  ["an order is confirmed once it is approved", [placed, asked, approved], confirm, [confirmed]],
  ["a refused order is not confirmed", [placed, asked, refused], confirm, "not-approved"],
  ["a confirmed order stays confirmed", [placed, confirmed], confirm, []],
  ["a cancelled order is not confirmed", [placed, cancelled], confirm, "already-cancelled"],

  ["an unknown order is not cancelled", [], cancel, "unknown-order"],
  ["an order is cancelled with the reason", [placed], cancel, [cancelled]],
  ["an order is cancelled while it awaits approval", [placed, asked], cancel, [cancelled]],
  ["an approved order is cancelled", [placed, asked, approved], cancel, [cancelled]],
  ["a refused order is cancelled", [placed, asked, refused], cancel, [cancelled]],
  ["a confirmed order is not cancelled", [placed, confirmed], cancel, "already-confirmed"],
  [
    "a cancelled order keeps its first reason",
    [placed, cancelled],
    { type: "CancelOrder", data: { orderId, reason: "out-of-stock" } },
    [],
  ],

  ["a returned order is not placed again", isReturned, place, "already-placed"],
  ["no approval is requested for a returned order", isReturned, ask, "already-returned"],
  ["a returned order is not approved", isReturned, approve, "already-returned"],
  ["no approval of a returned order lapses", isReturned, lapse, []],
  ["a returned order is not confirmed again", isReturned, confirm, "already-returned"],
  ["a returned order is not cancelled", isReturned, cancel, "already-returned"],
  ["an order with a closed return is not placed again", isOver, place, "already-placed"],
  ["no approval is requested for an order with a closed return", isOver, ask, "already-returned"],
  ["an order with a closed return is not approved", isOver, approve, "already-returned"],
  ["no approval of an order with a closed return lapses", isOver, lapse, []],
  ["an order with a closed return is not confirmed again", isOver, confirm, "already-returned"],
  ["an order with a closed return is not cancelled", isOver, cancel, "already-returned"],

  ["an unknown order is not returned", [], giveBack, "unknown-order"],
  ["an order is not returned before it is confirmed", [placed], giveBack, "not-confirmed"],
  ["an order is not returned while it awaits approval", [placed, asked], giveBack, "not-confirmed"],
  [
    "an approved order is not returned before it is confirmed",
    [placed, asked, approved],
    giveBack,
    "not-confirmed",
  ],
  ["a refused order is not returned", [placed, asked, refused], giveBack, "not-confirmed"],
  ["a cancelled order is not returned", [placed, cancelled], giveBack, "already-cancelled"],
  [
    "a confirmed order is returned, with everything that was ordered",
    [placed, confirmed],
    giveBack,
    [returned],
  ],
  [
    "a returned order keeps its first reason",
    isReturned,
    { type: "ReturnOrder", data: { orderId, reason: "too big" } },
    [],
  ],
  ["an order is returned once", isOver, giveBack, "already-returned"],
  [
    "an order is returned once, even if the return was refused",
    [...isReturned, returnRefused],
    giveBack,
    "already-returned",
  ],

  ["the return of an unknown order is not closed", [], close, "not-returned"],
  ["the return of a placed order is not closed", [placed], close, "not-returned"],
  ["the return of an order that awaits approval is not closed", [placed, asked], close, "not-returned"],
  ["the return of an approved order is not closed", [placed, asked, approved], close, "not-returned"],
  ["the return of a refused order is not closed", [placed, asked, refused], close, "not-returned"],
  ["the return of a confirmed order is not closed", [placed, confirmed], close, "not-returned"],
  ["the return of a cancelled order is not closed", [placed, cancelled], close, "not-returned"],
  ["a return is closed", isReturned, close, [closed]],
  ["a return is refused, with the reason", isReturned, refuseReturn, [returnRefused]],
  ["a return is closed once", isOver, refuseReturn, []],
]);
