/** A function that sends mail, for the test of bundles. */
export { mailer as handler } from "#mailer";
