/**
 * Foreign resources: a team may have resources of types that the local cloud does not run. They have a name and an ARN,
 * so that policies and environment variables can refer to them. A call that uses one fails, and the error names it.
 */
import type { Resource } from "../service/service.ts";
import type { ResourceType } from "./resource-type.ts";
import { resourceTypes } from "./resource-types.ts";

const reason = "the local cloud does not run resources of this type";

/** The words for `AWS::KMS::Key` are `kms` and `key`. */
const wordsOf = (type: string): readonly [service: string, kind: string] => {
  const [, service = type, kind = service] = type.toLowerCase().split("::");
  return [service, kind];
};

/** Ref gives the ARN, as AWS does for some types, because templates split ARNs but do not split names. */
const foreignType = (type: string): ResourceType => {
  const [service, kind] = wordsOf(type);
  return {
    arn: ({ place, name }) => `arn:aws:${service}:${place.region}:${place.account}:${kind}:${name}`,
    ref: ({ arn }) => arn,
    otherAttribute: ({ name, arn }, attribute) => (/Arn$/.test(attribute) ? arn : `${name}.${attribute}`),
    notRun: reason,
  };
};

export const typeNamed = (type: string): ResourceType => resourceTypes[type] ?? foreignType(type);

const isForeign = ({ type }: Pick<Resource, "type">): boolean => resourceTypes[type] === undefined;

/** Whether the text contains this name, and not only a longer name that begins or ends with it. */
const holds = (text: string, name: string): boolean =>
  text.split(name).some((before, index, parts) => {
    const after = parts[index + 1];
    return after !== undefined && !/[\w-]$/.test(before) && !/^[\w-]/.test(after);
  });

/** The foreign resource whose name or ARN is in the text. */
export const foreignIn = (resources: readonly Resource[], text: string): Resource | undefined =>
  resources.find((resource) => isForeign(resource) && holds(text, resource.name));

/** The foreign resources of a service. `service` is its name in ARNs and signatures. */
export const foreignOf = (resources: readonly Resource[], service: string): readonly Resource[] =>
  resources.filter((resource) => isForeign(resource) && wordsOf(resource.type)[0] === service);

export const missing = ({ id, type }: Pick<Resource, "id" | "type">): string =>
  `${id} (${type}) is missing: ${reason}`;

/** Types that run here but need the resources in these properties. Such a resource does nothing without them. */
const needs: Readonly<Record<string, readonly string[]>> = {
  "AWS::Events::Rule": ["Targets"],
  "AWS::Lambda::EventSourceMapping": ["EventSourceArn", "FunctionName"],
  "AWS::Lambda::Permission": ["FunctionName"],
};

const notRunBecause = (resource: Resource, resources: readonly Resource[]): string | undefined => {
  const type = typeNamed(resource.type);
  if ("notRun" in type) return type.notRun;
  const needed = (needs[resource.type] ?? []).map((property) =>
    foreignIn(resources, JSON.stringify(resource.properties[property] ?? "")),
  );
  const found = needed.find((each) => each !== undefined);
  return found && missing(found);
};

/** The same resources. Each one that does not run has the reason in `notRun`. */
export const withReasons = (resources: readonly Resource[]): readonly Resource[] =>
  resources.map((resource) => {
    const notRun = notRunBecause(resource, resources);
    return notRun === undefined ? resource : { ...resource, notRun };
  });

/**
 * Lines to print at start: one for each foreign type, with its logical ids, and one for each resource that needs a
 * foreign one. Known types that are not run have their own reason and are not listed.
 */
export const foreignLines = (resources: readonly Resource[]): readonly string[] => {
  const ids = new Map<string, string[]>();
  for (const { id, type } of resources.filter(isForeign)) ids.set(type, [...(ids.get(type) ?? []), id]);
  const types = [...ids].map(
    ([type, all]) =>
      `${type} does not run here: ${all.join(", ")}. The rest runs; a call to one of these fails with an error that names it.`,
  );
  const needing = resources.flatMap(({ id, type, notRun }) =>
    notRun !== undefined && type in needs ? [`${id} (${type}) does not run: ${notRun}`] : [],
  );
  return [...types, ...needing];
};
