/**
 * The JSON format of CloudEvents 1.0.2, and the bytes of data in binary mode. It says where data are and what an
 * absent attribute is; what the attributes mean is said elsewhere.
 */
import * as z from "zod";
import { losslessJson } from "../json/json-text.ts";

/** The type of the data is JSON if nothing is said. */
const isJson = (contentType: string | undefined): boolean =>
  contentType === undefined || /^[^;/]+\/(?:[^;]*\+)?json\s*(?:;|$)/i.test(contentType);

/** The value of JSON in UTF-8. Throws if it is neither, and if a parser would lose something of it. */
export const jsonIn = (bytes: Uint8Array): unknown =>
  losslessJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes));

/** Names of attributes; `data` is none. Headers with other names are not of the event. */
export const isAttributeName = (name: string): boolean => /^[a-z0-9]+$/.test(name) && name !== "data";

/**
 * What a message in binary mode holds as its data, in members of the JSON format. No bytes are no data. Throws if
 * the bytes should be JSON and are not.
 */
export const dataMembers = (
  bytes: Uint8Array | undefined,
  contentType: string | undefined,
): { readonly data?: unknown; readonly data_base64?: string } => {
  if (bytes === undefined || bytes.length === 0) return {};
  return isJson(contentType)
    ? { data: jsonIn(bytes) }
    : { data_base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")) };
};

const base64 = z.base64();

const decoded = (text: unknown, contentType: unknown): unknown => {
  const { data, success } = base64.safeParse(text);
  if (!success) throw new Error("data_base64 is not Base64");
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  return isJson(typeof contentType === "string" ? contentType : undefined) ? jsonIn(bytes) : bytes;
};

/**
 * The members of a CloudEvent in the JSON format: those that are null are absent, and `data` holds what `data_base64`
 * encodes: JSON, or bytes if the content type is another. Data alone may be null. Throws on data that contradict
 * their description; a value that is not an object comes back as it is.
 */
export const membersOf = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const given = new Map(Object.entries(value));
  const members = Object.fromEntries(
    [...given].filter(([name, each]) => each !== null && name !== "data_base64"),
  );
  const encoded = given.get("data_base64") ?? undefined;
  if (encoded === undefined) return given.get("data") === null ? { ...members, data: null } : members;
  if (members.data !== undefined) throw new Error("it has both data and data_base64");
  return { ...members, data: decoded(encoded, members.datacontenttype) };
};
