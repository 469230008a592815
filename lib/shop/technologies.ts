/**
 * The technologies of the shop's services when it is deployed. A new service is a port, an adapter and a row here.
 */
import type { OwnTechnologies } from "../deploy/technologies.ts";
import { costsTable, enginesTable, speedsTable } from "./costs/table.ts";
import { guide } from "./guide.ts";
import { paymentSandboxResources } from "./payments/sandbox/construct.ts";
import type { ShopServices } from "./shop.ts";

const paymentProviders = { sandbox: paymentSandboxResources } as const;

const providerNamed = (name: string | undefined) =>
  Object.entries(paymentProviders).find(([each]) => each === name)?.[1] ?? paymentProviders.sandbox;

export const technologies: OwnTechnologies<ShopServices> = {
  context: { payments: Object.keys(paymentProviders) },
  services: ({ own, mailer }) => ({ payments: providerNamed(own.payments), mailer }),
  guide,
  documents: [
    { file: "README.md", name: "costs", make: costsTable },
    { name: "engines", make: enginesTable },
    { name: "speeds", make: speedsTable },
  ],
};
