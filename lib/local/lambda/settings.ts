/** AWS::Lambda::Function: the properties that run here. */
import * as z from "zod";
import { type Assembly, assetFolder } from "../cloudformation/assembly.ts";
import { propertiesOf } from "../service/properties.ts";
import type { Resource } from "../service/service.ts";
import { type Level, levels } from "./environments/log-filter.ts";

export type FunctionSettings = {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  readonly folder: string;
  readonly handler: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly runtime: string;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  readonly environmentsMax: number;
  readonly logGroup: string;
  /** With the JSON log format: lines below this level are dropped. Undefined with the text format. */
  readonly logLevel?: Level;
};

/** The largest event of a synchronous invocation, in bytes of JSON. */
export const invocationBytesMax = 6 * 1024 * 1024;

/** The maximum number of environments of one function. */
export const environmentsMax = 2;

const unused = z.unknown().optional();

const loggingConfig = z.strictObject({
  LogGroup: z.string().optional(),
  LogFormat: z.enum(["JSON", "Text"]).default("Text"),
  ApplicationLogLevel: z.enum(levels).default("INFO"),
  /** The level of the lines that Lambda itself writes. The local cloud writes none. */
  SystemLogLevel: unused,
});

const functionProperties = z.strictObject({
  FunctionName: z.string().optional(),
  Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
  Handler: z.string().regex(/.\../, "expected a file and an export, such as index.handler"),
  Role: z.string(),
  Runtime: z.string().regex(/^nodejs/, "only Node.js functions run here"),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).optional(),
  MemorySize: z.number().default(128),
  Timeout: z.number().default(3),
  ReservedConcurrentExecutions: z.number().optional(),
  LoggingConfig: loggingConfig.optional(),
  PackageType: z.literal("Zip").optional(),
  /** Properties that change neither the answers of a function nor its rights. */
  Architectures: unused,
  Description: unused,
  EphemeralStorage: unused,
  RecursiveLoop: unused,
  RuntimeManagementConfig: unused,
  SnapStart: unused,
  Tags: unused,
  TracingConfig: unused,
});

export const settingsOf = (resource: Resource, assembly: Pick<Assembly, "assets">): FunctionSettings => {
  const { id, name, arn } = resource;
  const properties = propertiesOf(resource, functionProperties);
  const logging = properties.LoggingConfig;
  return {
    id,
    name,
    arn,
    roleArn: properties.Role,
    folder: assetFolder(assembly, properties.Code.S3Key),
    handler: properties.Handler,
    variables: properties.Environment?.Variables ?? {},
    runtime: properties.Runtime,
    memoryMegabytes: properties.MemorySize,
    timeoutSeconds: properties.Timeout,
    environmentsMax: Math.min(environmentsMax, properties.ReservedConcurrentExecutions ?? environmentsMax),
    logGroup: logging?.LogGroup ?? `/aws/lambda/${name}`,
    ...(logging?.LogFormat === "JSON" && { logLevel: logging.ApplicationLogLevel }),
  };
};
