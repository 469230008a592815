/**
 * Every call of a service, by a function or by a provider, goes through here. First the resources of the call must run
 * here. Then the caller's rights are checked, and then the operation runs.
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
