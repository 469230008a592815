/** Goes through the lists of instances page by page. */
import type { Instances, ListRequest } from "./instances.ts";

/** Which list to go through. */
export type InstanceList = Omit<ListRequest, "limit" | "from">;

/** How many ids are read at once. */
const pageSize = 25;

/** The pages of ids of a list, to its end. */
export async function* instancePages(
  instances: Pick<Instances, "list">,
  request: InstanceList,
): AsyncGenerator<readonly string[]> {
  let from: string | undefined;
  do {
    const page = await instances.list({ ...request, limit: pageSize, ...(from !== undefined && { from }) });
    if (page === "invalid") throw new Error(`a list of ${request.kind} instances does not know its own next`);
    yield page.ids;
    from = page.next;
  } while (from !== undefined);
}
