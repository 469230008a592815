/** A small application outside the repository and without a library: one field, one command, one row, one e-mail. */
import {
  type Application,
  command,
  type Decider,
  type Effect,
  event,
  type Projection,
  reject,
} from "eventfold";
import type { Mailer } from "eventfold/ports/mailer";
import * as z from "zod";

const parcelId = z.string().regex(/^[a-z0-9-]{1,40}$/);
const sent = z.object({ parcelId, to: z.email().max(200) });

const commands = { SendParcel: sent } as const;
const events = { ParcelSent: sent } as const;
type State = { readonly isSent: boolean };

const parcel: Decider<State, typeof commands, typeof events, readonly ["already-sent"]> = {
  name: "parcel",
  identifiedBy: "parcelId",
  commands,
  events,
  rejections: ["already-sent"],
  initialState: { isSent: false },
  decide: {
    SendParcel: ({ data }, { isSent }) =>
      isSent ? reject("already-sent", `parcel ${data.parcelId} is sent`) : [{ type: "ParcelSent", data }],
  },
  evolve: { ParcelSent: () => ({ isSent: true }) },
};

const row = z.object({ parcelId: z.string(), to: z.string() });

const parcels: Projection<typeof row, typeof parcel> = {
  name: "parcels",
  row,
  sources: [parcel],
  on: { ParcelSent: { key: "parcelId", evolve: (_, { data }) => data } },
  indexes: { all: {} },
};

const parcelSent = event(parcel, "ParcelSent");

const sendLabel: Effect<typeof parcelSent, { readonly mailer: Mailer }> = {
  name: "send-label",
  on: parcelSent,
  answers: [],
  uses: { mailer: true },
  perform: async ({ data: { parcelId, to } }, { idempotencyKey, services }) => {
    const text = `The label of parcel ${parcelId}`;
    await services.mailer.send({ key: idempotencyKey, to, subject: text, text, html: text });
    return undefined;
  },
};

const access = ["public"] as const;

export const application: Application<{ readonly mailer: Mailer }, typeof access> = {
  name: "parcels",
  version: "1.0.0",
  deciders: [parcel],
  projections: [parcels],
  effects: [sendLabel],
  sagas: [],
  access,
  routes: [
    {
      method: "POST",
      path: "/parcels",
      access: "public",
      owner: "none",
      command: command(parcel, "SendParcel"),
    },
    { method: "GET", path: "/parcels", access: "public", owner: "none", list: parcels, indexes: ["all"] },
  ],
};
