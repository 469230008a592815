/** The external services. An effect may use only the services that it names in `uses`. */
import { Construct } from "constructs";
import type { AnyApplication } from "../model/application.ts";
import type { AnyEffect } from "../model/effect.ts";
import { logicalName } from "../model/validation/made-names.ts";
import type { Binding, Service, Technologies } from "./ports.ts";

/** Two services with the same logical id would be the same construct. */
const sharedLogicalNames = (names: readonly string[]): readonly string[] =>
  names.flatMap((name, index) =>
    names
      .slice(0, index)
      .filter((other) => logicalName(other) === logicalName(name))
      .map(
        (other) =>
          `service ${other} and service ${name}: expected different names, got the same logical id ${logicalName(name)}; rename one`,
      ),
  );

/** The compiler rejects an effect that uses a service without a row. This check is for code without types. */
const problemsOf = <Services>(
  { effects }: AnyApplication<Services>,
  { services }: Technologies<Services>,
): readonly string[] => [
  ...effects.flatMap(({ name, uses }) =>
    Object.keys(uses)
      .filter((service) => !Object.hasOwn(services, service))
      .map(
        (service) =>
          `effect ${name} uses service ${service}: expected one of ${Object.keys(services).join(", ") || "none"}; ` +
          "add a row for it to the services of the application's technologies",
      ),
  ),
  ...sharedLogicalNames(Object.keys(services)),
];

/** Creates the services, and returns the bindings of an effect. Throws if the services and their uses do not match. */
export const services = <Services>(
  scope: Construct,
  application: AnyApplication<Services>,
  technologies: Technologies<Services>,
): ((effect: AnyEffect<Services>) => readonly Binding[]) => {
  const problems = problemsOf(application, technologies);
  if (problems.length > 0) throw new Error(`${application.name}: ${problems.join("; ")}`);
  const bindings = Object.entries<Service>(technologies.services).map(
    ([name, service]) => [name, service(new Construct(scope, logicalName(name)))] as const,
  );
  return ({ uses }) => bindings.flatMap(([name, binding]) => (Object.hasOwn(uses, name) ? [binding] : []));
};
