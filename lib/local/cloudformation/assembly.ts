/** The folder that the CDK synthesizes into (`cdk.out`): the template of one of its stacks, and the code of functions. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const declarationSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Condition: z.string().optional(),
});

const templateSchema = z.object({
  Parameters: z.record(z.string(), z.object({ Default: z.unknown().optional() })).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), declarationSchema),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown() })).default({}),
});

const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      properties: z
        .object({
          templateFile: z.string().optional(),
          stackName: z.string().optional(),
          file: z.string().optional(),
        })
        .optional(),
    }),
  ),
});

const assetsSchema = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.object({ path: z.string() }),
        destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

export type Template = z.infer<typeof templateSchema>;

export type Assembly = {
  readonly stackName: string;
  /** The other stacks in the folder, by id. */
  readonly otherStacks: readonly string[];
  readonly template: Template;
  /** The folder of an asset by the S3 key that the template gives it. */
  readonly assets: ReadonlyMap<string, string>;
};

const readJson = <Shape>(file: string, schema: z.ZodType<Shape>): Shape => {
  if (!existsSync(file))
    throw new Error(`${file}: there is no such file, so the folder is not a synthesized app`);
  const parsed = schema.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${file}: ${issue?.path.join(".")}: ${issue?.message}`);
};

const assetsOf = (folder: string, file: string): [string, string][] =>
  Object.values(readJson(join(folder, file), assetsSchema).files).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ objectKey }): [string, string] => [
      objectKey,
      join(folder, source.path),
    ]),
  );

type Artifact = readonly [id: string, artifact: z.infer<typeof manifestSchema>["artifacts"][string]];

const chosen = (folder: string, stacks: readonly Artifact[], wanted: string | undefined): Artifact => {
  const found = wanted === undefined ? stacks : stacks.filter(([id]) => id === wanted);
  const [stack] = found;
  if (stack && found.length === 1) return stack;
  const ids = stacks.map(([id]) => id).join(", ") || "none";
  throw new Error(
    wanted === undefined
      ? `${folder}: expected one stack, found ${ids}: name the stack to run with the option stack`
      : `${folder}: expected the stack ${wanted}, found ${ids}`,
  );
};

/** `wanted` is the id of the stack to read. It is needed only if the folder has more than one stack. */
export const readAssembly = (folder: string, wanted?: string): Assembly => {
  const artifacts = Object.entries(readJson(join(folder, "manifest.json"), manifestSchema).artifacts);
  const stacks = artifacts.filter(([, { type }]) => type === "aws:cloudformation:stack");
  const [id, { properties: stack }] = chosen(folder, stacks, wanted);
  if (!stack?.templateFile) throw new Error(`${folder}/manifest.json: the stack ${id} has no templateFile`);
  const assetFiles = artifacts.flatMap(([, { type, properties }]) =>
    type === "cdk:asset-manifest" && properties?.file !== undefined ? [properties.file] : [],
  );
  return {
    stackName: stack.stackName ?? id,
    otherStacks: stacks.map(([other]) => other).filter((other) => other !== id),
    template: readJson(join(folder, stack.templateFile), templateSchema),
    assets: new Map(assetFiles.flatMap((file) => assetsOf(folder, file))),
  };
};

/** The folder with the code for this S3 key. Throws an error that names the key if the assembly has no such folder. */
export const assetFolder = ({ assets }: Pick<Assembly, "assets">, key: string): string => {
  const folder = assets.get(key);
  if (folder !== undefined && existsSync(folder) && statSync(folder).isDirectory()) return folder;
  throw new Error(`the assembly has no folder for the asset ${key}`);
};
