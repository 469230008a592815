/** The technologies of the services in the cloud. */
import type { OwnTechnologies } from "eventfold/deploy/technologies";
import type { LibraryServices } from "./application.ts";
import { smsOutboxResources } from "./sms/construct.ts";

export const technologies: OwnTechnologies<LibraryServices> = {
  services: () => ({ sms: smsOutboxResources }),
};
