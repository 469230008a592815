/** A task of a state machine as a Lambda function. The catchers of the machine match its errors by name. */
import * as z from "zod";
import { acts, type MachineTask } from "../../model/sagas/machine-task.ts";

/** Refuses unknown fields: ignoring one would silently skip work. */
const schema = z
  .strictObject({
    sagaId: z.string(),
    task: z.union([z.string(), z.array(z.string()).min(1).readonly()]),
    act: z.enum(acts),
    token: z.string().optional(),
    /** The tasks of former Express machines have it. */
    execution: z.string().optional(),
  })
  .readonly();

/** The Lambda function of the tasks. */
export const taskHandler =
  (handle: (task: MachineTask) => Promise<void>) =>
  async (event: unknown): Promise<Readonly<Record<string, never>>> => {
    await handle(schema.parse(event));
    return {};
  };
