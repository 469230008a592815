/** A shop that requires tokens of its local issuer, with clients of two customers and an operator. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../../../lib/deploy/synthesize.ts";
import { freePort } from "../../../lib/local/machine/free-port.ts";
import { tokensOf } from "../../e2e/callers.ts";
import { project } from "../project.ts";
import { orderOf } from "./client.ts";
import { startShop } from "./shop.ts";

/** The name in each order of Ada. Nothing else contains it. */
export const secret = "secret-of-ada";

/** There are no unicorns, so such an order is cancelled. */
export const orderBy = (customer: string, orderId: string, sku = "unicorn") => ({
  ...orderOf(orderId, [{ sku, quantity: 1, unitPrice: 1 }]),
  customer: {
    id: customer,
    name: customer === "ada" ? secret : "Eve",
    email: `${customer}@example.com`,
  },
});

export const startGuardedShop = async () => {
  const folder = mkdtempSync(join(tmpdir(), "shop-guarded-"));
  const port = await freePort();
  const context = { issuer: `http://127.0.0.1:${port}/_local`, audience: "shop" };
  const { assembly } = synthesize(project, { context, outdir: folder, validation: false });
  const shop = await startShop(assembly, [], { port, tokens: true });
  const token = tokensOf(shop.url);
  const as = async (subject: string, scope: string) => shop.as(await token(subject, [scope]));
  return {
    ...shop,
    ada: await as("ada", "customer"),
    eve: await as("eve", "customer"),
    grace: await as("grace", "operator"),
    stop: async () => {
      await shop.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export type GuardedShop = Awaited<ReturnType<typeof startGuardedShop>>;

/** Places an order of Ada, and waits until it is cancelled because it is out of stock. */
export const cancelledOrder = async ({ ada, grace }: GuardedShop, id: string): Promise<void> => {
  await ada.place(orderBy("ada", id));
  await grace.waitForSaga(id);
  await ada.waitForOrder(id, "cancelled");
};
