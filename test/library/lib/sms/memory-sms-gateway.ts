/** The in-memory gateway for tests, which stores the messages. */
import type { SmsGateway, TextMessage } from "./sms-gateway.ts";

export const memorySmsGateway = (): SmsGateway & { readonly sent: () => readonly TextMessage[] } => {
  const messages = new Map<string, TextMessage>();
  return {
    sent: () => [...messages.values()],
    send: async (message) => {
      if (!messages.has(message.key)) messages.set(message.key, message);
    },
  };
};
