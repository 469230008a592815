/**
 * Brings the target of a request into origin form, `/path?query`. A server must also accept the absolute form,
 * `http://host/path?query`. Its host then replaces the header Host (RFC 9112, section 3.2.2).
 */
import type { IncomingMessage } from "node:http";

const absolute = /^https?:\/\/(?:[^/?#@]*@)?([^/?#@]+)([^#]*)$/i;

const withHost = (rawHeaders: readonly string[], host: string): string[] => {
  const others = rawHeaders.filter((_, place) => rawHeaders[place - (place % 2)]?.toLowerCase() !== "host");
  return ["host", host, ...others];
};

/** Rewrites a request that has the absolute form. Returns false if the target has neither form. */
export const toOriginForm = (incoming: IncomingMessage): boolean => {
  const { url = "" } = incoming;
  if (url.startsWith("/")) return true;
  const [, host, rest = ""] = absolute.exec(url) ?? [];
  if (host === undefined) return false;
  incoming.url = rest.startsWith("/") ? rest : `/${rest}`;
  incoming.headers.host = host;
  incoming.rawHeaders = withHost(incoming.rawHeaders, host);
  return true;
};
