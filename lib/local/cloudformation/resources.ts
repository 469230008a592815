/**
 * The resources of a template with every intrinsic function resolved. Names and ARNs follow from logical ids
 * and name properties alone, so they are known in any order and are the same at each start.
 */
import type { Resource } from "../service/service.ts";
import type { Assembly } from "./assembly.ts";
import { typeNamed, withReasons } from "./foreign.ts";
import { noValue, resolver } from "./intrinsics.ts";
import { type Named, type Place, physicalName, type ResourceType, resourceTypes } from "./resource-types.ts";

/** Types that say something to CloudFormation and nothing to AWS. */
const silentTypes = new Set(["AWS::CDK::Metadata"]);

export type Stack = {
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, string>>;
};

const within = <Result>(what: string, run: () => Result): Result => {
  try {
    return run();
  } catch (fault) {
    throw new Error(`${what}: ${fault instanceof Error ? fault.message : fault}`);
  }
};

export const stackOf = ({ stackName, template }: Assembly, where: Omit<Place, "stackName">): Stack => {
  const place: Place = { ...where, stackName };
  const names = new Map<string, Named | "being named">();

  const pseudo: Readonly<Record<string, unknown>> = {
    "AWS::Region": place.region,
    "AWS::AccountId": place.account,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": stackName,
    "AWS::StackId": `arn:aws:cloudformation:${place.region}:${place.account}:stack/${stackName}/local`,
    "AWS::NoValue": noValue,
  };

  const typeOf = (id: string): ResourceType => {
    const declared = template.Resources[id];
    if (!declared) throw new Error(`there is no resource ${id}`);
    return typeNamed(declared.Type);
  };

  const namedOf = (id: string): Named => {
    const known = names.get(id);
    if (known === "being named") throw new Error(`the name of ${id} depends on itself`);
    if (known) return known;
    names.set(id, "being named");
    const type = typeOf(id);
    const property = (name: string) => {
      const value = resolve(template.Resources[id]?.Properties[name]);
      return value === noValue ? undefined : value;
    };
    const name = physicalName(type, { place, id, property });
    const named = { place, id, name, arn: type.arn?.({ place, id, name, property }) ?? "", property };
    names.set(id, named);
    return named;
  };

  const parameter = (id: string): unknown => {
    const value = template.Parameters[id]?.Default;
    if (value === undefined) throw new Error(`parameter ${id} has no default`);
    return value;
  };

  const resolve = resolver({
    ref: (id) => {
      if (id in pseudo) return pseudo[id];
      if (template.Parameters[id]) return parameter(id);
      const type = typeOf(id);
      const named = namedOf(id);
      return type.ref?.(named) ?? named.name;
    },
    attribute: (id, attribute) => {
      const { attributes, otherAttribute } = typeOf(id);
      const value = attributes?.[attribute];
      if (value) return value(namedOf(id));
      if (otherAttribute) return otherAttribute(namedOf(id), attribute);
      throw new Error(`${id} (${template.Resources[id]?.Type}) has no attribute ${attribute} here`);
    },
    condition: (name) => {
      if (!(name in template.Conditions)) throw new Error(`there is no condition ${name}`);
      return resolve(template.Conditions[name]) === true;
    },
  });

  const holds = (name: string) => resolve({ Condition: name }) === true;
  const declarations = Object.entries(template.Resources).filter(
    ([, { Type, Condition }]) => !silentTypes.has(Type) && (Condition === undefined || holds(Condition)),
  );

  const resources = declarations.map(([id, { Type, Properties }]) =>
    within(id, (): Resource => {
      const { name, arn } = namedOf(id);
      // Those of a type that is not run may hold what cannot be resolved here.
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
