/** The services that effects use in a function. technologies.ts has the resources that they need. */
import { mailer } from "eventfold/mailer";
import type { Services } from "./application.ts";

export const services: Services = { mailer: mailer() };
