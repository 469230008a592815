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
  ["it is placed with its total", [], place, [placed]],
  [
    "it is placed with the date on which it was ordered",
    [],
    { type: "PlaceOrder", data: dated },
    [{ type: "OrderPlaced", data: { ...dated, total } }],
  ],
  ["over the limit it needs approval", [], { type: "PlaceOrder", data: large }, [placedLarge]],
  [
    "up to the limit it needs none",
    [],
    { type: "PlaceOrder", data: atLimit },
    [{ type: "OrderPlaced", data: { ...atLimit, total: approvalLimit } }],
  ],
  ["it is placed once", [placed], place, "already-placed"],
  ["it is not placed again while its approval is awaited", [placed, asked], place, "already-placed"],
  ["it is not placed again after its approval", [placed, asked, approved], place, "already-placed"],
  ["it is not placed again after its refusal", [placed, asked, refused], place, "already-placed"],
  ["it is not placed again after its confirmation", [placed, confirmed], place, "already-placed"],
  ["it is not placed again after its cancellation", [placed, cancelled], place, "already-placed"],

  ["nobody is asked to approve an unknown one", [], ask, "unknown-order"],
  ["whoever approves it is told its total", [placed], ask, [asked]],
  ["its approval is asked for once", [placed, asked], ask, []],
  ["the approval of an approved one is not asked for again", [placed, asked, approved], ask, []],
  ["the approval of a refused one is not asked for again", [placed, asked, refused], ask, []],
  ["nobody is asked to approve a confirmed one", [placed, confirmed], ask, "already-confirmed"],
  ["nobody is asked to approve a cancelled one", [placed, cancelled], ask, "already-cancelled"],

  ["an unknown one is not approved", [], approve, "unknown-order"],
  ["it is not approved before anybody asks", [placed], approve, "approval-not-requested"],
  ["it is not refused before anybody asks", [placed], refuse, "approval-not-requested"],
  ["it is approved, with who decided so", [placed, asked], approve, [approved]],
  ["it is refused", [placed, asked], refuse, [refused]],
  [
    "a second approval changes nothing",
    [placed, asked, approved],
    { ...approve, data: { orderId, approved: true } },
    [],
  ],
  ["a second refusal changes nothing", [placed, asked, refused], refuse, []],
  ["an approved one is not refused any more", [placed, asked, approved], refuse, "already-decided"],
  ["a refused one is not approved any more", [placed, asked, refused], approve, "already-decided"],
  ["its approval may come too late", [placed, asked, lapsed], approve, "already-decided"],
  ["its refusal too late changes nothing", [placed, asked, lapsed], refuse, []],
  ["a confirmed one is not approved", [placed, asked, approved, confirmed], approve, "already-confirmed"],
  ["a cancelled one is not approved", [placed, asked, lapsed, cancelled], approve, "already-cancelled"],

  ["of an unknown one no approval lapses", [], lapse, []],
  ["an approval that nobody asked for does not lapse", [placed], lapse, []],
  ["an approval that is awaited lapses", [placed, asked], lapse, [lapsed]],
  ["an approval that was given does not lapse", [placed, asked, approved], lapse, []],
  ["an approval that was refused does not lapse", [placed, asked, refused], lapse, []],
  ["of a confirmed one no approval lapses", [placed, confirmed], lapse, []],
  ["of a cancelled one no approval lapses", [placed, asked, cancelled], lapse, []],

  ["an unknown one is not confirmed", [], confirm, "unknown-order"],
  ["it is confirmed with what its mail needs", [placed], confirm, [confirmed]],
  [
    "it is not confirmed where it needs approval and nobody was asked",
    [placedLarge],
    confirm,
    "not-approved",
  ],
  ["it is not confirmed while its approval is awaited", [placed, asked], confirm, "not-approved"],
  ["it is confirmed once it is approved", [placed, asked, approved], confirm, [confirmed]],
  ["a refused one is not confirmed", [placed, asked, refused], confirm, "not-approved"],
  ["a confirmed one stays confirmed", [placed, confirmed], confirm, []],
  ["a cancelled one is not confirmed", [placed, cancelled], confirm, "already-cancelled"],

  ["an unknown one is not cancelled", [], cancel, "unknown-order"],
  ["it is cancelled with the reason", [placed], cancel, [cancelled]],
  ["it is cancelled while its approval is awaited", [placed, asked], cancel, [cancelled]],
  ["it is cancelled though it is approved", [placed, asked, approved], cancel, [cancelled]],
  ["a refused one is cancelled", [placed, asked, refused], cancel, [cancelled]],
  ["a confirmed one is not cancelled", [placed, confirmed], cancel, "already-confirmed"],
  [
    "a cancelled one keeps its first reason",
    [placed, cancelled],
    { type: "CancelOrder", data: { orderId, reason: "out-of-stock" } },
    [],
  ],

  ["a returned one is not placed again", isReturned, place, "already-placed"],
  ["nobody is asked to approve a returned one", isReturned, ask, "already-returned"],
  ["a returned one is not approved", isReturned, approve, "already-returned"],
  ["of a returned one no approval lapses", isReturned, lapse, []],
  ["a returned one is not confirmed again", isReturned, confirm, "already-returned"],
  ["a returned one is not cancelled", isReturned, cancel, "already-returned"],
  ["one whose return is over is not placed again", isOver, place, "already-placed"],
  ["nobody is asked to approve one whose return is over", isOver, ask, "already-returned"],
  ["one whose return is over is not approved", isOver, approve, "already-returned"],
  ["of one whose return is over no approval lapses", isOver, lapse, []],
  ["one whose return is over is not confirmed again", isOver, confirm, "already-returned"],
  ["one whose return is over is not cancelled", isOver, cancel, "already-returned"],

  ["an unknown one is not returned", [], giveBack, "unknown-order"],
  ["it is not returned before it is confirmed", [placed], giveBack, "not-confirmed"],
  ["it is not returned while its approval is awaited", [placed, asked], giveBack, "not-confirmed"],
  ["an approved one is not returned yet", [placed, asked, approved], giveBack, "not-confirmed"],
  ["a refused one is not returned", [placed, asked, refused], giveBack, "not-confirmed"],
  ["a cancelled one is not returned", [placed, cancelled], giveBack, "already-cancelled"],
  ["a confirmed one is returned, with all that was ordered", [placed, confirmed], giveBack, [returned]],
  [
    "a returned one keeps its first reason",
    isReturned,
    { type: "ReturnOrder", data: { orderId, reason: "too big" } },
    [],
  ],
  ["it is returned once", isOver, giveBack, "already-returned"],
  [
    "it is returned once, also where that was refused",
    [...isReturned, returnRefused],
    giveBack,
    "already-returned",
  ],

  ["of an unknown one there is no return to close", [], close, "not-returned"],
  ["of one that is placed there is no return to close", [placed], close, "not-returned"],
  ["while approval is awaited there is no return to close", [placed, asked], close, "not-returned"],
  ["of an approved one there is no return to close", [placed, asked, approved], close, "not-returned"],
  ["of a refused one there is no return to close", [placed, asked, refused], close, "not-returned"],
  ["of a confirmed one there is no return to close", [placed, confirmed], close, "not-returned"],
  ["of a cancelled one there is no return to close", [placed, cancelled], close, "not-returned"],
  ["its return is closed", isReturned, close, [closed]],
  ["its return is refused, with the reason", isReturned, refuseReturn, [returnRefused]],
  ["its return is closed once", isOver, refuseReturn, []],
]);
