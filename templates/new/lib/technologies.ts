/** The same services in the cloud, which give the functions their rights and their settings. */
import type { OwnTechnologies } from "eventfold/deploy/technologies";
import type { Services } from "./application.ts";

export const technologies: OwnTechnologies<Services> = { services: ({ mailer }) => ({ mailer }) };
