/**
 * Every call of a service, of a function or of a provider, goes through here: first what it is about must be a resource
 * that runs here, then come the rights, then the work.
 */

import { foreignIn } from "../cloudformation/foreign.ts";
import type { Access } from "../iam/access.ts";
import type { Calls } from "../service/calls.ts";
import {
  type Cloud,
  type Operation,
  type Requirement,
  type Resource,
  type Service,
  ServiceError,
} from "../service/service.ts";
import { missingResource } from "./missing.ts";

export type Dispatch = Cloud["call"];

type DispatchOptions = {
  readonly services: ReadonlyMap<string, Service>;
  readonly resources: readonly Resource[];
  readonly access: Access;
  readonly calls: Calls;
  readonly report: Cloud["report"];
};

export const dispatch = ({ services, resources, access, calls, report }: DispatchOptions): Dispatch => {
  const refuseMissing = ({ resource }: Requirement) => {
    const found = foreignIn(resources, resource);
    if (found) throw missingResource(found, report);
  };

  const operationOf = (service: string, name: string): Operation => {
    const offered = services.get(service)?.operations;
    if (offered && Object.hasOwn(offered, name) && offered[name]) return offered[name];
    const message = `the local cloud does not run the operation ${name} of ${service}`;
    report({ source: service, level: "problem", message });
    throw new ServiceError("UnknownOperationException", message);
  };

  return async (caller, { service, operation: name, input }) => {
    const operation = operationOf(service, name);
    const requirements = operation.requires(input);
    for (const requirement of requirements) {
      refuseMissing(requirement);
      access.authorize(caller, requirement);
    }

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
