/** The function of the application that keeps the read models, and the tables that it uses. */
import * as z from "zod";
import { readModelVariable, variables } from "../../../lib/adapters/dynamodb/keys.ts";
import type { Resource } from "../../../lib/local/service/service.ts";

const environment = z.object({
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
});

type Projector = {
  readonly arn: string;
  readonly events: string;
  readonly parked: string;
  readonly readModel: (projection: string) => string;
  readonly hasReadModel: (projection: string) => boolean;
};

/** CDK ends a logical id with a hash. */
export const projectorIn = (resources: readonly Resource[]): Projector => {
  const found = resources.find(
    ({ type, id }) => type === "AWS::Lambda::Function" && id.startsWith("AppStreamProject"),
  );
  if (!found) throw new Error("the template has no function AppStreamProject");
  const { Variables } = environment.parse(found.properties).Environment;
  const table = (name: string): string => {
    const value = Variables[name];
    if (value === undefined) throw new Error(`the function ${found.id} has no variable ${name}`);
    return value;
  };
  return {
    arn: found.arn,
    events: table(variables.events),
    parked: table(variables.parked),
    readModel: (projection) => table(readModelVariable(projection)),
    hasReadModel: (projection) => Object.hasOwn(Variables, readModelVariable(projection)),
  };
};
