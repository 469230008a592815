/**
 * The resources and outputs of a template with every intrinsic function resolved. Names and ARNs are the same at each
 * start, because they follow from logical ids and name properties alone.
 */
import type { Resource } from "../service/service.ts";
import type { Assembly } from "./assembly.ts";
import { withReasons } from "./foreign.ts";
import { noValue } from "./intrinsics.ts";
import { references } from "./references.ts";
import type { Place } from "./resource-type.ts";
import { resourceTypes } from "./resource-types.ts";

/** Types that mean something to CloudFormation only. They create nothing on AWS. */
const silentTypes = new Set(["AWS::CDK::Metadata"]);

export type Stack = {
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, string>>;
};

/** An error names the part of the template that it comes from. */
const within = <Result>(part: string, run: () => Result): Result => {
  try {
    return run();
  } catch (fault) {
    throw new Error(`${part}: ${fault instanceof Error ? fault.message : fault}`);
  }
};

export const stackOf = ({ stackName, template }: Assembly, where: Omit<Place, "stackName">): Stack => {
  const { resolve, namedOf, condition } = references(template, { ...where, stackName });

  const declarations = Object.entries(template.Resources).filter(
    ([, { Type, Condition }]) => !silentTypes.has(Type) && (Condition === undefined || condition(Condition)),
  );
  const resources = declarations.map(([id, { Type, Properties }]) =>
    within(id, (): Resource => {
      const { name, arn } = namedOf(id);
      // A property of a type that does not run here may hold a function that cannot be resolved here.
      if (!resourceTypes[Type]) return { id, type: Type, name, arn, properties: {} };
      const properties = Object.fromEntries(
        Object.entries(Properties)
          .map(([property, value]) => [property, resolve(value)])
          .filter(([, value]) => value !== noValue),
      );
      return { id, type: Type, name, arn, properties };
    }),
  );
  const outputs = Object.entries(template.Outputs).map(([name, { Value }]) => [
    name,
    within(`output ${name}`, () => String(resolve(Value))),
  ]);
  return { resources: withReasons(resources), outputs: Object.fromEntries(outputs) };
};
