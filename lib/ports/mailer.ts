/** An e-mail. */
export type Mail = {
  /**
   * The same for every attempt to send this e-mail. A transport that supports it uses the key to send the e-mail
   * once.
   */
  readonly key: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
};

/** Sends e-mail. */
export type Mailer = {
  /**
   * Resolves once the transport has accepted the e-mail. Throws if it did not answer, and throws `PermanentError`
   * for an e-mail that it never accepts.
   */
  readonly send: (mail: Mail) => Promise<void>;
};
