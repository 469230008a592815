/**
 * The names in a template and what refers to them: Ref, Fn::GetAtt, parameters and conditions. The name of a resource
 * may refer to another resource, so a name is made when it is first needed.
 */
import type { Template } from "./assembly.ts";
import { typeNamed } from "./foreign.ts";
import { noValue, resolver } from "./intrinsics.ts";
import { physicalName } from "./physical-name.ts";
import type { Named, Place, ResourceType } from "./resource-type.ts";

type References = {
  readonly resolve: (value: unknown) => unknown;
  readonly namedOf: (id: string) => Named;
  readonly condition: (name: string) => boolean;
};

const pseudoParameters = ({ region, account, stackName }: Place): Readonly<Record<string, unknown>> => ({
  "AWS::Region": region,
  "AWS::AccountId": account,
  "AWS::Partition": "aws",
  "AWS::URLSuffix": "amazonaws.com",
  "AWS::StackName": stackName,
  "AWS::StackId": `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/local`,
  "AWS::NoValue": noValue,
});

export const references = (template: Template, place: Place): References => {
  const pseudo = pseudoParameters(place);
  const names = new Map<string, Named | "being named">();

  const typeOf = (id: string): ResourceType => {
    const declared = template.Resources[id];
    if (!declared) throw new Error(`there is no resource ${id}`);
    return typeNamed(declared.Type);
  };

  const nameNow = (id: string): Named => {
    const type = typeOf(id);
    const property = (name: string) => {
      const value = resolve(template.Resources[id]?.Properties[name]);
      return value === noValue ? undefined : value;
    };
    const name = physicalName(type, { place, id, property });
    return { place, id, name, arn: type.arn?.({ place, id, name, property }) ?? "", property };
  };

  const namedOf = (id: string): Named => {
    const known = names.get(id);
    if (known === "being named") throw new Error(`the name of ${id} depends on itself`);
    if (known) return known;
    names.set(id, "being named");
    const named = nameNow(id);
    names.set(id, named);
    return named;
  };

  const parameter = (id: string): unknown => {
    const value = template.Parameters[id]?.Default;
    if (value === undefined) throw new Error(`parameter ${id} has no default`);
    return value;
  };

  const ref = (id: string): unknown => {
    if (id in pseudo) return pseudo[id];
    if (template.Parameters[id]) return parameter(id);
    const type = typeOf(id);
    const named = namedOf(id);
    return type.ref?.(named) ?? named.name;
  };

  const attributeOf = (id: string, attribute: string): string => {
    const { attributes, otherAttribute } = typeOf(id);
    const value = attributes?.[attribute];
    if (value) return value(namedOf(id));
    if (otherAttribute) return otherAttribute(namedOf(id), attribute);
    throw new Error(`${id} (${template.Resources[id]?.Type}) has no attribute ${attribute} here`);
  };

  const condition = (name: string): boolean => {
    if (!(name in template.Conditions)) throw new Error(`there is no condition ${name}`);
    return resolve(template.Conditions[name]) === true;
  };

  const resolve = resolver({ ref, attribute: attributeOf, condition });
  return { resolve, namedOf, condition };
};
