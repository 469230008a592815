/** Reads the members of a request. Each function throws AWS's error if the member is not valid. */
import { uniqueId } from "../../machine/random.ts";
import { type Input, ServiceError } from "../../service/service.ts";
import { dataBytesMax } from "../language/failure.ts";

const invalid = (field: string, constraint: string) =>
  new ServiceError(
    "ValidationException",
    `1 validation error detected: Value at '${field}' failed to satisfy constraint: ${constraint}`,
  );

export const optionalText = (
  input: Input,
  field: string,
  lengthMax = Number.POSITIVE_INFINITY,
): string | undefined => {
  const value = input[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw invalid(field, "Member must be a string");
  if (value.length <= lengthMax) return value;
  throw invalid(field, `Member must have length less than or equal to ${lengthMax}`);
};

export const text = (input: Input, field: string): string => {
  const value = optionalText(input, field);
  if (value === undefined) throw invalid(field, "Member must not be null");
  return value;
};

/** Makes a name if the request has none. */
export const nameIn = (input: Input): string => {
  const name = optionalText(input, "name", 80) ?? uniqueId();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: AWS forbids them by name.
  if (!/[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/.test(name) && name !== "") return name;
  throw new ServiceError("InvalidName", `Invalid Name: '${name}'`);
};

/** The value of JSON text. `fault` is the error to throw if it is not JSON. */
export const parsedIn = (
  json: string,
  field: string,
  fault: { readonly code: string; readonly message: string },
): unknown => {
  if (Buffer.byteLength(json) > dataBytesMax)
    throw invalid(field, `Member must have length less than or equal to ${dataBytesMax}`);
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new ServiceError(
      fault.code,
      `${fault.message}: '${error instanceof Error ? error.message : error}'`,
    );
  }
};
