/** `send-confirmation` as CloudFormation spells it: `SendConfirmation`. */
export const logicalName = (name: string): string =>
  name
    .split("-")
    .map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
    .join("");
