/**
 * The package's own #application, #services and #technologies. The build of an application replaces them. If this module
 * is loaded, a function was bundled without `synthesize`, and it throws.
 */
import type { AnyApplication } from "../model/application.ts";
import type { OwnTechnologies } from "./technologies.ts";

type Services = Readonly<Record<string, unknown>>;

const missing = (): never => {
  throw new Error(
    'give application and services to synthesize(): expected "imports" with #application and #services in the ' +
      "package.json of the application, which replace these modules of eventfold when its functions are bundled",
  );
};

/** Takes the place of the application. Throws. */
export const application: AnyApplication<Services> = missing();
/** Takes the place of the services. Throws. */
export const services: Services = missing();
/** Takes the place of the technologies. Throws. */
export const technologies: OwnTechnologies<Services> = missing();
