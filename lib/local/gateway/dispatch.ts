/** Every call of a service, of a function or of a provider, goes through here: first the rights, then the work. */
import type { Access } from "../iam/access.ts";
import type { Calls } from "../service/calls.ts";
import {
  type Cloud,
  type Operation,
  type Requirement,
  type Service,
  ServiceError,
} from "../service/service.ts";

export type Dispatch = Cloud["call"];

export const dispatch = (
  services: ReadonlyMap<string, Service>,
  access: Access,
  calls: Calls,
  report: Cloud["report"],
): Dispatch => {
  const operationOf = (service: string, name: string): Operation => {
    const offered = services.get(service)?.operations;
    if (offered && Object.hasOwn(offered, name) && offered[name]) return offered[name];
    const message = `the local cloud does not run the operation ${name} of ${service}`;
    report({ source: service, level: "problem", message });
    throw new ServiceError("UnknownOperationException", message);
  };

  return async (caller, service, name, input) => {
    const operation = operationOf(service, name);
    const requirements = operation.requires(input);
    for (const requirement of requirements) access.authorize(caller, requirement);

    const measure = (answer: unknown) => {
      for (const { resource, ...units } of operation.units?.(answer, input) ?? []) {
        const isFor = (each: Requirement) =>
          each.resource === resource || each.resource.startsWith(`${resource}/`);
        const requirement = requirements.find(isFor);
        if (requirement) calls.addUnits(caller, requirement, units);
      }
    };

    try {
      const output = await operation.run(input, caller);
      measure(output);
      return output;
    } catch (fault) {
      if (fault instanceof ServiceError) measure(fault);
      throw fault;
    }
  };
};
