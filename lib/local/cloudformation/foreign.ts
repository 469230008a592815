/**
 * Resources of types that the local cloud does not run: what a team has beside its application. They have a name and
 * an ARN, so that policies and the variables of functions can hold them. Whatever uses one fails and names it.
 */
import type { Resource } from "../service/service.ts";
import type { ResourceType } from "./resource-type.ts";
import { resourceTypes } from "./resource-types.ts";

const reason = "the local cloud does not run resources of this type";

/** `AWS::KMS::Key` is `kms` and `key`. */
const wordsOf = (type: string): readonly [service: string, kind: string] => {
  const [, service = type, kind = service] = type.toLowerCase().split("::");
  return [service, kind];
};

/**
 * Ref gives the ARN, as AWS does for some types: templates take ARNs apart, and nothing in them takes a name apart.
 */
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

/** Whether a text holds this name, and not a longer one. */
const holds = (text: string, name: string): boolean =>
  text.split(name).some((before, index, parts) => {
    const after = parts[index + 1];
    return after !== undefined && !/[\w-]$/.test(before) && !/^[\w-]/.test(after);
  });

/** The foreign resource whose name or ARN is in a text, if any. */
export const foreignIn = (resources: readonly Resource[], text: string): Resource | undefined =>
  resources.find((resource) => isForeign(resource) && holds(text, resource.name));

/** Those that belong to a service, by the name of that service in ARNs and signatures. */
export const foreignOf = (resources: readonly Resource[], service: string): readonly Resource[] =>
  resources.filter((resource) => isForeign(resource) && wordsOf(resource.type)[0] === service);

export const missing = ({ id, type }: Pick<Resource, "id" | "type">): string =>
  `${id} (${type}) is missing: ${reason}`;

/** Resources of types that run here, which do nothing without the resource in these properties. */
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

/** The same resources, each that does not run with the reason. */
export const withReasons = (resources: readonly Resource[]): readonly Resource[] =>
  resources.map((resource) => {
    const notRun = notRunBecause(resource, resources);
    return notRun === undefined ? resource : { ...resource, notRun };
  });

/**
 * For people at the start: one line for each type that is not run, with the logical ids, and one for each resource that
 * needs one of those. Types of the table that are not run have a reason of their own and are not among them.
 */
export const foreignLines = (resources: readonly Resource[]): readonly string[] => {
  const ids = new Map<string, string[]>();
  for (const { id, type } of resources.filter(isForeign)) ids.set(type, [...(ids.get(type) ?? []), id]);
  const types = [...ids].map(
    ([type, all]) =>
      `${type} does not run here: ${all.join(", ")}. The rest runs; a call to a missing resource fails with its name.`,
  );
  const needing = resources.flatMap(({ id, type, notRun }) =>
    notRun !== undefined && type in needs ? [`${id} (${type}) does not run: ${notRun}`] : [],
  );
  return [...types, ...needing];
};
