/** An execution that is aborted at any moment: the saga is parked, operators can see it, and a resume finishes it. */
import { expect, test } from "vitest";
import { receiveStock } from "../../../lib/shop/stock/inventory.ts";
import { problemsOf } from "../../simulation/checkers.ts";
import { type CompiledEngine, compiledEngine } from "../../simulation/compiled-engine.ts";
import { deliveries, told } from "../../simulation/delivery.ts";
import { placing } from "./orders.ts";
import { shopWorld } from "./shop-world.ts";

const moments = [0.05, 0.3, 0.6, 1, 2, 5];

test.each(moments)(
  "if its execution is aborted after %d s, the order is still confirmed at the end",
  async (seconds) => {
    for (const delivery of deliveries)
      await told(delivery, async () => {
        const engines: CompiledEngine[] = [];
        const shop = shopWorld((ground) => {
          const engine = compiledEngine(ground);
          engines.push(engine);
          return engine;
        }, delivery);
        const instance = async () => (await shop.instances()).find(({ id }) => id === "checkout/1");
        await shop.request(receiveStock({ sku: "apple", quantity: 5 }));
        await shop.request(placing("1", [{ sku: "apple", quantity: 2, unitPrice: 50 }]));
        await shop.pass(seconds);
        await engines[0]?.abort("checkout", "1");
        await shop.settle();
        if ((await shop.statusOfCheckout("1"))?.kind !== "completed") {
          expect((await instance())?.parked?.because).toBe("its execution ended: ABORTED, Stopped: by hand");
          await shop.operate({ action: "resume", sagaId: "checkout/1", how: "retry" });
          await shop.settle();
        }
        expect((await shop.statusOfCheckout("1"))?.kind).toBe("completed");
        expect((await instance())?.parked).toBeUndefined();
        expect([await shop.stock("apple"), shop.held("1"), shop.mails().length]).toMatchObject([
          { taken: 2, reserved: 0, available: 3 },
          100,
          1,
        ]);
        expect(await problemsOf(shop)).toEqual([]);
      });
  },
);
