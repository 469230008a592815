/** Checks that stock and money are conserved. */
import { setTimeout } from "node:timers/promises";
import { authorizationsAt } from "./authorizations.ts";
import type { Instance, StockLevel } from "./instance.ts";
import type { Placed } from "./orders.ts";

type Stock = ReadonlyMap<string, StockLevel>;

const sum = (numbers: readonly number[]) => numbers.reduce((one, other) => one + other, 0);

const isConfirmed = ({ order }: Placed) => order?.status === "confirmed";

const stockProblems = (before: Stock, after: Stock, placed: readonly Placed[]): readonly string[] => {
  const sold = new Map<string, number>();
  for (const { sku, quantity } of placed.filter(isConfirmed).flatMap(({ lines }) => lines))
    sold.set(sku, (sold.get(sku) ?? 0) + quantity);
  return [...after.values()].flatMap(({ sku, received, reserved, taken, available }) => {
    const expected = (before.get(sku)?.taken ?? 0) + (sold.get(sku) ?? 0);
    return [
      ...(taken === expected ? [] : [`${sku}: ${taken} taken, but ${expected} confirmed`]),
      ...(reserved === 0 ? [] : [`${sku}: ${reserved} still reserved`]),
      ...(available === received - reserved - taken ? [] : [`${sku}: ${available} available`]),
    ];
  });
};

const countProblems = (
  what: string,
  placed: readonly Placed[],
  countOf: (orderId: string) => number,
): readonly string[] =>
  placed.flatMap((each) => {
    const expected = isConfirmed(each) ? 1 : 0;
    const count = countOf(each.orderId);
    return count === expected ? [] : [`${each.orderId}: ${count} ${what}, not ${expected}`];
  });

const endProblems = (placed: readonly Placed[]): readonly string[] =>
  placed.flatMap(({ orderId, refused, end, order }) => {
    if (refused) return [`${orderId} was refused: ${refused}`];
    if (!end) return [`${orderId}: its checkout did not end`];
    const expected = { completed: "confirmed", compensated: "cancelled" }[end];
    return expected === undefined || order?.status === expected
      ? []
      : [`${orderId} is ${end}, but ${order?.status}`];
  });

const lookOnce = async (shop: Instance, before: Stock, placed: readonly Placed[]) => {
  const mails = await shop.mails();
  const held = await authorizationsAt(shop);
  const subjects = [...(mails ?? [])];
  const mailsOf = (orderId: string) =>
    sum(subjects.filter(([subject]) => subject.split(/\s+/).includes(orderId)).map(([, count]) => count));
  return [
    ...endProblems(placed),
    ...stockProblems(before, await shop.stock(), placed),
    ...(mails ? countProblems("e-mails", placed, mailsOf) : []),
    ...(held ? countProblems("authorizations held", placed, (orderId) => held.get(orderId) ?? 0) : []),
  ];
};

/** How long to wait for read models and e-mails after the end of the last saga. */
const patienceSeconds = 15;

/** The problems as text. Empty if the books balance. */
export const check = async (
  shop: Instance,
  before: Stock,
  placed: readonly Placed[],
): Promise<readonly string[]> => {
  for (let seconds = 0; seconds < patienceSeconds; seconds += 1) {
    if ((await lookOnce(shop, before, placed)).length === 0) return [];
    await setTimeout(1000);
  }
  return lookOnce(shop, before, placed);
};
