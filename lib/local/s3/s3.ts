/** AWS::S3::Bucket and the service `s3`, with put, get and list. Objects are stored as a whole in the journal. */
import { createHash } from "node:crypto";
import * as z from "zod";
import type { DurableMap } from "../machine/journal.ts";
import { inputOf, propertiesOf } from "../service/properties.ts";
import { type Input, type MakeProvider, type Operation, ServiceError } from "../service/service.ts";

/** Properties of a bucket that change neither put nor get. Objects do not expire here. */
const bucketProperties = z.strictObject({
  BucketName: z.string().optional(),
  BucketEncryption: z.unknown().optional(),
  PublicAccessBlockConfiguration: z.unknown().optional(),
  OwnershipControls: z.unknown().optional(),
  LifecycleConfiguration: z.unknown().optional(),
  VersioningConfiguration: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

const putSchema = z.strictObject({
  Bucket: z.string(),
  Key: z.string().min(1).max(1024),
  Body: z.union([z.string(), z.instanceof(Uint8Array)]).default(""),
  ContentType: z.string().optional(),
});
const getSchema = z.strictObject({ Bucket: z.string(), Key: z.string() });
const listSchema = z.strictObject({
  Bucket: z.string(),
  Prefix: z.string().default(""),
  MaxKeys: z.int().min(1).max(1000).default(1000),
  StartAfter: z.string().default(""),
  /** The last key of the previous answer. */
  ContinuationToken: z.string().optional(),
});

type StoredObject = {
  readonly body: string;
  readonly isBase64: boolean;
  readonly size: number;
  readonly etag: string;
  readonly contentType: string;
  readonly modifiedAt: number;
};

const stored = (body: string | Uint8Array, contentType: string, modifiedAt: number): StoredObject => ({
  body: typeof body === "string" ? body : Buffer.from(body).toString("base64"),
  isBase64: typeof body !== "string",
  size: typeof body === "string" ? Buffer.byteLength(body) : body.byteLength,
  etag: `"${createHash("md5").update(body).digest("hex")}"`,
  contentType,
  modifiedAt,
});

const described = ({ size, etag, modifiedAt }: StoredObject) => ({
  LastModified: new Date(modifiedAt).toISOString(),
  ETag: etag,
  Size: size,
});

const list = (objects: DurableMap<StoredObject>, request: z.infer<typeof listSchema>) => {
  const after = request.ContinuationToken ?? request.StartAfter;
  const all = [...objects.entries()]
    .filter(([key]) => key.startsWith(request.Prefix) && key > after)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const Contents = all.slice(0, request.MaxKeys).map(([Key, object]) => ({ Key, ...described(object) }));
  const IsTruncated = all.length > Contents.length;
  return {
    Name: request.Bucket,
    Prefix: request.Prefix,
    KeyCount: Contents.length,
    MaxKeys: request.MaxKeys,
    IsTruncated,
    Contents,
    ...(IsTruncated && { NextContinuationToken: Contents.at(-1)?.Key }),
  };
};

export const buckets: MakeProvider = (cloud, resources) => {
  const arns = new Map<string, string>();
  for (const resource of resources.filter(({ type }) => type === "AWS::S3::Bucket")) {
    propertiesOf(resource, bucketProperties);
    arns.set(resource.name, resource.arn);
  }

  const objectsOf = (Bucket: string) => {
    if (arns.has(Bucket)) return cloud.journal.map<StoredObject>(`bucket/${Bucket}`);
    throw new ServiceError("NoSuchBucket", "The specified bucket does not exist", 404).with({
      BucketName: Bucket,
    });
  };

  const arnOf = (bucket: unknown) => arns.get(String(bucket)) ?? `arn:aws:s3:::${bucket}`;

  const onObject = <Shape>(
    action: string,
    schema: z.ZodType<Shape>,
    run: (input: Shape) => unknown,
  ): Operation => ({
    requires: ({ Bucket, Key }) => [{ action: `s3:${action}`, resource: `${arnOf(Bucket)}/${Key}` }],
    run: (input: Input) => run(inputOf(input, schema, "InvalidArgument")),
  });

  const operations = {
    PutObject: onObject("PutObject", putSchema, ({ Bucket, Key, Body, ContentType }) => {
      const object = stored(Body, ContentType ?? "application/octet-stream", cloud.clock.now());
      objectsOf(Bucket).set(Key, object);
      return { ETag: object.etag };
    }),
    GetObject: onObject("GetObject", getSchema, ({ Bucket, Key }) => {
      const object = objectsOf(Bucket).get(Key);
      if (!object)
        throw new ServiceError("NoSuchKey", "The specified key does not exist.", 404).with({ Key });
      const { LastModified, ETag, Size } = described(object);
      const Body = object.isBase64 ? new Uint8Array(Buffer.from(object.body, "base64")) : object.body;
      return { Body, ContentLength: Size, ContentType: object.contentType, ETag, LastModified };
    }),
    ListObjectsV2: {
      requires: ({ Bucket }: Input) => [{ action: "s3:ListBucket", resource: arnOf(Bucket) }],
      run: (input: Input) => {
        const request = inputOf(input, listSchema, "InvalidArgument");
        return list(objectsOf(request.Bucket), request);
      },
    },
  };

  return { services: [{ name: "s3", operations }] };
};
