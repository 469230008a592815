/** Sends the reminder to the phone of the member. */
import type { Effect } from "eventfold";
import type { SmsGateway } from "../sms/sms-gateway.ts";
import { memberReminded } from "./loan.ts";

export const sendReminder: Effect<typeof memberReminded, { readonly sms: SmsGateway }> = {
  name: "send-reminder",
  on: memberReminded,
  answers: [],
  uses: { sms: true },
  perform: async ({ data: { bookId, phone } }, { idempotencyKey, services }) => {
    await services.sms.send({ key: idempotencyKey, to: phone, text: `Please return ${bookId}.` });
    return undefined;
  },
};
