/**
 * What #application, #services and #technologies are in the package itself: nothing. The build of an application
 * replaces them. Code that imports this module is a function that was bundled without `synthesize`.
 */
import type { Application } from "../model/application.ts";
import type { OwnTechnologies } from "./technologies.ts";

type Services = Readonly<Record<string, unknown>>;

const missing = (): never => {
  throw new Error(
    'give application and services to synthesize(): expected "imports" with #application and #services in the ' +
      "package.json of the application, which replace those of eventfold when its functions are bundled",
  );
};

export const application: Application<Services> = missing();
export const services: Services = missing();
export const technologies: OwnTechnologies<Services> = missing();
