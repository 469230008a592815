/** Passwords in context values. What is in the context is in the template, which many people and logs may read. */

/** A value that CloudFormation resolves during deployment. */
const reference = /\{\{resolve:[^}]*\}\}/g;

/** The password of a URL: what is between the colon after the user name and the last `@`. */
const password = /(:\/\/[^\s:/?#@]*:)[^\s]+(@)/;

/** The text of a value for a message, without the password of a URL. */
export const shown = (value: unknown): string => `${value}`.replace(password, "$1…$2");

/** Throws, without the password, if the URL in a value has a password that is not a reference. */
export const refusePasswords = (given: Readonly<Record<string, unknown>>): void => {
  for (const [name, value] of Object.entries(given))
    if (typeof value === "string" && password.test(value.replaceAll(reference, "")))
      throw new Error(
        `context ${name}=${shown(value)}: expected no password, because it would be in the template; ` +
          "store it in Secrets Manager, and write {{resolve:secretsmanager:NAME}} in its place",
      );
};
