/** What offers each service when it is deployed. */
import type { OwnTechnologies } from "eventfold/deploy/technologies";
import type { Mailer } from "eventfold/ports/mailer";

export const technologies: OwnTechnologies<{ readonly mailer: Mailer }> = {
  services: ({ mailer }) => ({ mailer }),
};
