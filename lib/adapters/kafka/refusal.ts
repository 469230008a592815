/** Tells what a broker has refused from a broker that is out of reach. */

/** The fault itself, and what it says it comes from. */
const causesOf = (error: unknown): readonly Error[] =>
  error instanceof Error ? [error, ...causesOf(error.cause)] : [];

/** Why a broker did not do it; nothing where it did. Throws where none has answered. */
export const refusalOf = async (request: () => Promise<unknown>): Promise<string | undefined> => {
  try {
    await request();
    return undefined;
  } catch (error) {
    const refusal = causesOf(error).find(({ name }) => name === "KafkaJSProtocolError");
    if (!refusal) throw error;
    const { type } = { type: "refused", ...refusal };
    return `${type}: ${refusal.message}`;
  }
};
