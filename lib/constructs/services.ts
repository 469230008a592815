/** The services outside the system, and which effect may use which. */
import { Construct } from "constructs";
import type { Application } from "../model/application.ts";
import { logicalName } from "../model/validation/made-names.ts";
import type { Binding, Service, Technologies } from "./ports.ts";

/** Each service has a construct of its own. */
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

/** The table names every effect once and no other. */
const problemsOf = <Services>(
  { effects }: Application<Services>,
  { services, effects: table }: Technologies<Services>,
): readonly string[] => [
  ...effects
    .filter(({ name }) => !Object.hasOwn(table, name))
    .map(({ name }) => `effect ${name} has no row in the table of services`),
  ...Object.keys(table)
    .filter((row) => !effects.some(({ name }) => name === row))
    .map((row) => `the table of services has a row ${row}, which is no effect`),
  ...Object.entries(table).flatMap(([row, names]) =>
    names
      .filter((name) => !Object.hasOwn(services, name))
      .map((name) => `effect ${row} needs a service ${name} that nobody offers`),
  ),
  ...sharedLogicalNames(Object.keys(services)),
];

export const services = <Services>(
  scope: Construct,
  application: Application<Services>,
  technologies: Technologies<Services>,
): ((effect: string) => readonly Binding[]) => {
  const problems = problemsOf(application, technologies);
  if (problems.length > 0) throw new Error(`${application.name}: ${problems.join("; ")}`);
  const bindings = Object.entries<Service>(technologies.services).map(
    ([name, service]) => [name, service(new Construct(scope, logicalName(name)))] as const,
  );
  return (effect) =>
    bindings.flatMap(([name, binding]) =>
      technologies.effects[effect]?.some((needed) => needed === name) ? [binding] : [],
    );
};
