/**
 * Findings of cdk-nag that are accepted, with the reason. Each construct lists its own as data, so an application that
 * checks its stack with cdk-nag sees only findings about its own resources. cdk-nag reads the reasons from the construct
 * tree: this file needs only aws-cdk-lib, and a stack can be made without cdk-nag.
 */
import { Validations } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

/** Why each rule does not apply, by its id. */
export type Reasons = Readonly<Record<string, string>>;

/** Accepts findings about a resource, and about the resources inside it. */
export const acknowledge = (scope: IConstruct, reasons: Reasons): void =>
  Validations.of(scope).acknowledge(...Object.entries(reasons).map(([id, reason]) => ({ id, reason })));
