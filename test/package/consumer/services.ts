/** The services that the effects use. */
import { mailer } from "eventfold/mailer";

export const services = { mailer: mailer() };
