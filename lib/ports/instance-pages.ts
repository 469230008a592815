/** Goes through the lists of instances page by page. */
import type { Instances, ListRequest } from "./instances.ts";

/** How many ids are read at once. */
const pageSize = 25;

/** The pages of ids of a list, to its end. */
export async function* instancePages(
  instances: Pick<Instances, "list">,
  request: Omit<ListRequest, "limit" | "from">,
): AsyncGenerator<readonly string[]> {
  let from: string | undefined;
  do {
    const page = await instances.list({ ...request, limit: pageSize, ...(from !== undefined && { from }) });
    if (page === "invalid") throw new Error(`a list of ${request.kind} instances does not know its own next`);
    yield page.ids;
    from = page.next;
  } while (from !== undefined);
}
