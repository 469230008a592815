/** What the effects perform with. */
import { mailer } from "eventfold/mailer";

export const services = { mailer: mailer() };
