/** A changed copy of the synthesized assembly. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";

type Statement = { Action: string | string[] };
type Policy = { PolicyDocument: { Statement: Statement[] } };
type Properties = Partial<Policy> & {
  Policies?: Policy[];
  RedrivePolicy?: { maxReceiveCount: number };
  BatchSize?: number;
  Environment?: { Variables: Record<string, string> };
};
type Resources = Record<string, { Type: string; Properties: Properties }>;

/** `change` changes the resources in place; `done` removes the copy. */
export const changedAssembly = (change: (resources: Resources) => void, original = inject("assembly")) => {
  const assembly = mkdtempSync(join(tmpdir(), "shop-e2e-changed-"));
  cpSync(original, assembly, { recursive: true });
  const file = join(assembly, "shop.template.json");
  const template: { Resources: Resources } = JSON.parse(readFileSync(file, "utf8"));
  // A resource that has only defaults, such as a group of schedules, has no properties in the template.
  for (const resource of Object.values(template.Resources)) resource.Properties ??= {};
  const before = JSON.stringify(template);
  change(template.Resources);
  const after = JSON.stringify(template);
  if (after === before) throw new Error("expected `change` to change the template, but it is the same");
  writeFileSync(file, after);
  return { assembly, done: () => rmSync(assembly, { recursive: true, force: true }) };
};

const without = (action: string) => (statement: Statement) => {
  const left = [statement.Action].flat().filter((each) => each !== action);
  return left.length > 0 ? [{ ...statement, Action: left }] : [];
};

/** Removes the action from the role and its policies, whose logical ids start with `role`. */
export const withhold = (role: string, action: string) => (resources: Resources) => {
  for (const [id, { Type, Properties }] of Object.entries(resources)) {
    if (!id.startsWith(role) || !Type.startsWith("AWS::IAM::")) continue;
    for (const { PolicyDocument } of [...(Properties.Policies ?? []), Properties])
      if (PolicyDocument) PolicyDocument.Statement = PolicyDocument.Statement.flatMap(without(action));
  }
};
