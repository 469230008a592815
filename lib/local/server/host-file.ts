/** A file of the host as an answer. Browsers keep it, and ask whether it changed. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import type { Reply } from "../http-api/reply.ts";
import type { HostFile } from "./host-pages.ts";

/** One of the entity tags of `If-None-Match` is this one, or it is `*`. */
const isKnown = ({ headers }: IncomingMessage, etag: string): boolean => {
  const tags = (headers["if-none-match"] ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes(etag) || tags.includes("*");
};

export const fileReply = (incoming: IncomingMessage, { file, contentType }: HostFile): Reply => {
  const body = readFileSync(file);
  const etag = `"${createHash("sha256").update(body).digest("base64url")}"`;
  const validators = { etag, "cache-control": "no-cache" };
  if (isKnown(incoming, etag)) return { status: 304, headers: validators, body: "" };
  return { status: 200, headers: { "content-type": contentType, ...validators }, body };
};
