/** A task of a state machine as a Lambda function. What it throws reaches the machine's catchers by its name. */
import * as z from "zod";

/** A field that is not known here means work that would be left out: it is refused. */
const schema = z
  .strictObject({
    sagaId: z.string(),
    /** A list where it does several steps in a row. */
    task: z.union([z.string(), z.array(z.string()).min(1).readonly()]),
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
