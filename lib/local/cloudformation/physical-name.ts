/** Physical names of resources. They follow from the stack and the logical id alone, so each start makes the same ones. */
import { createHash } from "node:crypto";
import type { Named, ResourceType } from "./resource-type.ts";

type Unnamed = Omit<Named, "name" | "arn">;

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** As on AWS: the stack name and the logical id. A name that is too long ends in a hash, so that it stays unique. */
export const stackAndId =
  (lengthMax: number) =>
  ({ place, id }: Unnamed): string => {
    const name = `${place.stackName}-${id}`;
    return name.length <= lengthMax ? name : `${name.slice(0, lengthMax - 9)}-${hashOf(name).slice(0, 8)}`;
  };

/** An id as API Gateway makes it: ten letters and digits. */
export const apiId = ({ place, id }: Unnamed): string =>
  BigInt(`0x${hashOf(`${place.stackName}/${id}`)}`)
    .toString(36)
    .slice(0, 10);

export const uuid = ({ place, id }: Unnamed): string => {
  const hash = hashOf(`${place.stackName}/${id}`);
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
};

/** The name that the template gives the resource, or else the one that its type makes. */
export const physicalName = (type: ResourceType, given: Unnamed): string => {
  const name = type.nameProperty === undefined ? undefined : given.property(type.nameProperty);
  if (name !== undefined) return String(name);
  return (type.nameOf ?? stackAndId(128))(given);
};
