/** The technology for each service in a deployment. */
import type { OwnTechnologies } from "eventfold/deploy/technologies";
import type { Mailer } from "eventfold/ports/mailer";

export const technologies: OwnTechnologies<{ readonly mailer: Mailer }> = {
  services: ({ mailer }) => ({ mailer }),
};
