/** Sends text messages to phones. */
export type TextMessage = {
  /** The gateway sends a message once per key. */
  readonly key: string;
  readonly to: string;
  readonly text: string;
};

export type SmsGateway = {
  /** Resolves once the gateway has accepted the message. Throws if the gateway does not answer. */
  readonly send: (message: TextMessage) => Promise<void>;
};
