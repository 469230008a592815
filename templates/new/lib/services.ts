/** The services that effects perform with, as a function has them. technologies.ts has what they need in the cloud. */
import { mailer } from "eventfold/mailer";
import type { Services } from "./application.ts";

export const services: Services = { mailer: mailer() };
