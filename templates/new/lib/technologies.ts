/** The same services when the application is deployed: what gives a function its rights and its settings. */
import type { OwnTechnologies } from "eventfold/deploy/technologies";
import type { Services } from "./application.ts";

export const technologies: OwnTechnologies<Services> = { services: ({ mailer }) => ({ mailer }) };
