/** S3, with the bucket in the path: put, get and list objects. */
import { ServiceError } from "../service/service.ts";
import type { Answer, Call, Protocol, Request } from "./protocol.ts";

const entities: Readonly<Record<string, string>> = { "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;" };

const escaped = (value: unknown) => String(value).replaceAll(/[<>&"]/g, (found) => entities[found] ?? found);

/** A member that is a list becomes one element per item, as in the answers of S3. */
const elements = (value: unknown): string =>
  Object.entries(value ?? {})
    .flatMap(([name, member]) => [member].flat().map((one): [string, unknown] => [name, one]))
    .map(([name, one]) => `<${name}>${typeof one === "object" ? elements(one) : escaped(one)}</${name}>`)
    .join("");

export const document = (root: string, value: unknown) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>${elements(value)}</${root}>`;

const contentType = { "content-type": "application/xml" };

/** Decodes an `aws-chunked` body. Each chunk is its length in hexadecimal, an optional signature, and its bytes. */
const unchunked = ({ headers, body }: Request): Buffer => {
  if (!String(headers["content-encoding"] ?? "").includes("aws-chunked")) return body;
  const chunks: Buffer[] = [];
  for (let start = 0; start < body.length; ) {
    const lineEnd = body.indexOf("\r\n", start);
    const length = Number.parseInt(body.toString("latin1", start, lineEnd), 16);
    if (lineEnd < 0 || !(length > 0)) break;
    chunks.push(body.subarray(lineEnd + 2, lineEnd + 2 + length));
    start = lineEnd + 2 + length + 2;
  }
  return Buffer.concat(chunks);
};

const read = (request: Request): Call => {
  const { method, url, headers } = request;
  const [, bucket = "", path = ""] = /^\/([^/]*)\/?(.*)$/s.exec(url.pathname) ?? [];
  const Bucket = decodeURIComponent(bucket);
  const Key = decodeURIComponent(path);
  const query = url.searchParams;
  if (method === "PUT" && Key !== "")
    return {
      operation: "PutObject",
      input: {
        Bucket,
        Key,
        Body: unchunked(request),
        ...(headers["content-type"] !== undefined && { ContentType: headers["content-type"] }),
      },
    };
  if (method === "GET" && Key !== "") return { operation: "GetObject", input: { Bucket, Key } };
  if (method === "GET" && query.get("list-type") === "2") {
    const given = {
      Prefix: query.get("prefix"),
      StartAfter: query.get("start-after"),
      ContinuationToken: query.get("continuation-token"),
      MaxKeys: query.has("max-keys") ? Number(query.get("max-keys")) : null,
    };
    const wanted = Object.entries(given).filter(([, value]) => value !== null);
    return { operation: "ListObjectsV2", input: { Bucket, ...Object.fromEntries(wanted) } };
  }
  throw new ServiceError(
    "NotImplemented",
    `the local cloud does not run ${method} ${url.pathname} of S3`,
    501,
  );
};

type GotObject = {
  readonly Body: string | Uint8Array;
  readonly ContentType: string;
  readonly ETag: string;
  readonly LastModified: string;
};

const answer = (output: unknown, { operation }: Call): Answer => {
  if (operation === "ListObjectsV2")
    return { status: 200, headers: contentType, body: document("ListBucketResult", output) };
  // The types of the answers of PutObject and GetObject.
  const { Body = "", ContentType, ETag, LastModified } = output as Partial<GotObject>;
  return {
    status: 200,
    headers: {
      ...(ContentType !== undefined && { "content-type": ContentType }),
      ...(ETag !== undefined && { etag: ETag }),
      ...(LastModified !== undefined && { "last-modified": new Date(LastModified).toUTCString() }),
    },
    body: Body,
  };
};

const refuse = ({ code, message, status, members }: ServiceError): Answer => {
  const denied = code === "AccessDeniedException";
  return {
    status: denied ? 403 : status,
    headers: contentType,
    body: document("Error", { Code: denied ? "AccessDenied" : code, Message: message, ...members }),
  };
};

export const s3: Protocol = { read, answer, refuse };
