/** A task of a state machine as a Lambda function. What it throws reaches the machine's catchers by its name. */
import * as z from "zod";

const schema = z
  .object({
    sagaId: z.string(),
    task: z.string(),
    act: z.enum(["run", "expire", "park"]),
    /** Only where the task waits. */
    token: z.string().optional(),
    /** Only where it parks without waiting. */
    execution: z.string().optional(),
  })
  .readonly();

export type TaskPayload = z.output<typeof schema>;

export const taskHandler =
  (handle: (task: TaskPayload) => Promise<void>) =>
  async (event: unknown): Promise<Readonly<Record<string, never>>> => {
    await handle(schema.parse(event));
    return {};
  };
