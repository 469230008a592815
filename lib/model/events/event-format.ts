/**
 * The JSON format of CloudEvents 1.0.2, and the bytes of data in binary mode. This module knows where the data are
 * and what an absent attribute is. It does not know what the attributes mean.
 */
import * as z from "zod";
import { losslessJson } from "../json/json-text.ts";

/** Without a content type, the data are JSON. */
const isJson = (contentType: string | undefined): boolean =>
  contentType === undefined || /^[^;/]+\/(?:[^;]*\+)?json\s*(?:;|$)/i.test(contentType);

/**
 * The value of JSON in UTF-8. Throws if the bytes are not UTF-8 or not JSON, or if a parser would lose a part of
 * the value.
 */
export const jsonIn = (bytes: Uint8Array): unknown =>
  losslessJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes));

/** Whether a name can be an attribute. `data` cannot. Headers with other names do not belong to the event. */
export const isAttributeName = (name: string): boolean => /^[a-z0-9]+$/.test(name) && name !== "data";

/**
 * The data of a message in binary mode, as members of the JSON format. Without bytes there are no data. Throws if
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
  if (!success) throw new Error("expected data_base64 to be Base64");
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  return isJson(typeof contentType === "string" ? contentType : undefined) ? jsonIn(bytes) : bytes;
};

/**
 * The members of a CloudEvent in the JSON format. Members that are null are absent, except `data`, which may be
 * null. `data` also holds what `data_base64` encodes: JSON, or bytes if the content type is another one. Throws if
 * the data do not match their description. Returns a value that is not an object unchanged.
 */
export const membersOf = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const given = new Map(Object.entries(value));
  const members = Object.fromEntries(
    [...given].filter(([name, each]) => each !== null && name !== "data_base64"),
  );
  const encoded = given.get("data_base64") ?? undefined;
  if (encoded === undefined) return given.get("data") === null ? { ...members, data: null } : members;
  if (members.data !== undefined) throw new Error("expected data or data_base64, got both");
  return { ...members, data: decoded(encoded, members.datacontenttype) };
};
