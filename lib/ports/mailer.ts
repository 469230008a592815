/** Sends e-mail. */
export type Mail = {
  /** The same for every attempt to send this mail; a transport that can, uses it to send it once. */
  readonly key: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
};

export type Mailer = {
  /**
   * Resolves once the transport has taken it. Throws if it did not answer, and `PermanentError` for a mail that it never
   * takes.
   */
  readonly send: (mail: Mail) => Promise<void>;
};
